// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_pool.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>

#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/base/timer.h"
#include "server/engine/forking_worker.h"
#include "server/engine/worker_parent.h"

namespace dissectd::server {
namespace {

// Each fork is a process. A caller has two, so that a slow query doesn't hold
// up the others.
constexpr size_t kMaxForks = 4;
constexpr size_t kMaxForksOfCaller = 2;

// Leaves room for those of others.
constexpr size_t kMaxWaitingQueriesOfCaller = kMaxWaitingQueries / 4;

}  // namespace

// Makes forks, and tells when those that it killed have ended.
class QueryPool::Forks : public WorkerParent {
 public:
  Forks(IoLoop* loop, WorkerParent* engine) : parent_(loop, engine) {}
  // Ends of forks may still be reported.
  ~Forks() override { killed_->clear(); }
  Forks(const Forks&) = delete;
  Forks& operator=(const Forks&) = delete;

  uint64_t StartWorker(WorkerStart start, EndedFn ended) override {
    const auto id = std::make_shared<uint64_t>(0);
    EndedFn report = [killed = killed_, id,
                      ended = std::move(ended)](const WorkerEnd& end) mutable {
      const auto gone = killed->extract(*id);
      ended(end);
      if (!gone.empty()) gone.mapped()();
    };
    *id = parent_.StartWorker(std::move(start), std::move(report));
    return *id;
  }

  void KillWorker(uint64_t id) override {
    (*killed_)[id] = std::exchange(on_killed_, [] {});
    parent_.KillWorker(id);
  }

  // Ends a fork, and calls `gone` when its process has ended.
  void End(std::unique_ptr<QueryWorker> fork, std::function<void()> gone) {
    on_killed_ = std::move(gone);
    // Kills the process unless it has ended.
    fork.reset();
    std::exchange(on_killed_, [] {})();
  }

 private:
  // What to do when a killed fork has ended.
  using Killed = std::map<uint64_t, std::function<void()>>;

  const std::shared_ptr<Killed> killed_ = std::make_shared<Killed>();
  std::function<void()> on_killed_ = [] {};
  ForkingWorker parent_;
};

// A query that a fork is answering, with its timeout.
class QueryPool::Running : public QueryReader {
 public:
  Running(QueryPool* pool, const Waiting& waiting,
          std::unique_ptr<QueryWorker> worker)
      : pool_(pool),
        ticket_(waiting.ticket),
        asker_(waiting.asker),
        reader_(waiting.reader),
        worker_(std::move(worker)),
        timeout_(pool->loop_->context()) {}

  void Ask(Query query) {
    timeout_.Start(kQueryTimeout, [pool = pool_, ticket = ticket_] {
      pool->OnEnd(ticket, errors::QueryTimeout());
    });
    worker_->Ask(std::move(query), this);
  }

  const Asker& asker() const { return asker_; }
  QueryReader* reader() const { return reader_; }

  std::unique_ptr<QueryWorker> TakeWorker() { return std::move(worker_); }

 private:
  void OnResponse(const grpc::ByteBuffer& response) override {
    worker_->ReadMore();
    reader_->OnResponse(response);
  }
  // The caller calls this last, as it destroys the object.
  void OnEnd(const absl::Status& status) override {
    pool_->OnEnd(ticket_, status);
  }

  QueryPool* const pool_;
  const Ticket ticket_;
  const Asker asker_;
  QueryReader* const reader_;
  std::unique_ptr<QueryWorker> worker_;
  Timer timeout_;
};

QueryPool::QueryPool(IoLoop* loop)
    : loop_(loop), waiting_({kMaxForks, kMaxForksOfCaller}) {}

QueryPool::~QueryPool() = default;

QueryPool::Forks* QueryPool::ForksOf(WorkerParent* engine) {
  std::unique_ptr<Forks>& forks = forks_[engine];
  if (forks == nullptr) forks = std::make_unique<Forks>(loop_, engine);
  return forks.get();
}

QueryPool::Ticket QueryPool::Ask(const Asker& asker, Query query,
                                 QueryReader* reader) {
  thread_.AssertOnThread();
  const Ticket ticket = ++last_ticket_;
  if (waiting_.size() >= kMaxWaitingQueries ||
      waiting_.WaitingOf(asker.share_key) >= kMaxWaitingQueriesOfCaller) {
    EndLater(ticket, reader, errors::TooManyQueries());
  } else {
    waiting_.Push(asker.share_key, {ticket, asker, std::move(query), reader});
    StartWaiting();
  }
  return ticket;
}

void QueryPool::EndLater(Ticket ticket, QueryReader* reader,
                         const absl::Status& status) {
  refused_[ticket] = reader;
  loop_->Post([this, ticket, status] {
    const auto refused = refused_.extract(ticket);
    if (!refused.empty()) refused.mapped()->OnEnd(status);
  });
}

void QueryPool::StartWaiting() {
  while (std::optional<FairQueue<Waiting>::Turn> turn = waiting_.Next()) {
    turn->item.wait.End(metrics::Queue::kQueries);
    Start(std::move(turn->item));
  }
}

void QueryPool::Start(Waiting waiting) {
  absl::StatusOr<std::unique_ptr<QueryWorker>> worker =
      WorkerFor(waiting.asker);
  if (!worker.ok()) {
    waiting_.Release(waiting.asker.share_key);
    return EndLater(waiting.ticket, waiting.reader, worker.status());
  }
  auto running = std::make_unique<Running>(this, waiting, *std::move(worker));
  Running* query = running.get();
  running_[waiting.ticket] = std::move(running);
  query->Ask(std::move(waiting.query));
}

absl::StatusOr<std::unique_ptr<QueryWorker>> QueryPool::WorkerFor(
    const Asker& asker) {
  // Idle forks may have ended meanwhile.
  idle_.erase(
      std::remove_if(idle_.begin(), idle_.end(),
                     [](const Idle& idle) { return !idle.worker->is_idle(); }),
      idle_.end());
  const auto found =
      std::find_if(idle_.begin(), idle_.end(), [&](const Idle& idle) {
        return idle.asker.principal == asker.principal &&
               idle.asker.share_key == asker.share_key &&
               idle.asker.engine == asker.engine;
      });
  if (found != idle_.end()) {
    std::unique_ptr<QueryWorker> worker = std::move(found->worker);
    idle_.erase(found);
    return worker;
  }
  // Ends an idle fork for others to make room.
  if (!idle_.empty() && running_.size() + idle_.size() >= kMaxForks) {
    idle_.erase(idle_.begin());
  }
  return QueryWorker::StartFork(loop_, ForksOf(asker.engine));
}

void QueryPool::OnEnd(Ticket ticket, const absl::Status& status) {
  auto ended = running_.extract(ticket);
  if (ended.empty()) return;
  QueryReader* const reader = ended.mapped()->reader();
  Free(std::move(ended.mapped()));
  reader->OnEnd(status);
  StartWaiting();
}

void QueryPool::Free(std::unique_ptr<Running> query) {
  const Asker asker = query->asker();
  std::unique_ptr<QueryWorker> worker = query->TakeWorker();
  if (worker->is_idle()) {
    waiting_.Release(asker.share_key);
    idle_.push_back({asker, std::move(worker)});
    return;
  }
  ForksOf(asker.engine)
      ->End(std::move(worker), [this, caller = asker.share_key] {
        waiting_.Release(caller);
        StartWaiting();
      });
}

void QueryPool::Abandon(Ticket ticket) {
  thread_.AssertOnThread();
  refused_.erase(ticket);
  waiting_.RemoveIf(
      [=](const Waiting& waiting) { return waiting.ticket == ticket; });
  // The query's fork ends with it.
  auto running = running_.extract(ticket);
  if (!running.empty()) Free(std::move(running.mapped()));
}

}  // namespace dissectd::server
