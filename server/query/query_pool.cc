// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_pool.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "server/base/errors.h"
#include "server/base/limits.h"

namespace dissectd::server {
namespace {

// Each has a process; one more than is needed for a slow query not to hold up
// the others.
constexpr size_t kMaxWorkers = 2;

}  // namespace

void QueryPool::Ask(const Principal& principal, Query query,
                    QueryReader* reader) {
  thread_.AssertOnThread();
  if (waiting_.size() >= kMaxWaitingQueries) {
    return reader->OnEnd(errors::TooManyQueries());
  }
  waiting_.push_back({principal, std::move(query), reader});
  StartWaiting();
}

void QueryPool::StartWaiting() {
  while (!waiting_.empty() && running_.size() < kMaxWorkers) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    Start(std::move(next));
  }
}

absl::StatusOr<std::shared_ptr<QueryWorker>> QueryPool::WorkerFor(
    const Principal& principal) {
  // One that is idle may have ended meanwhile.
  idle_.erase(
      std::remove_if(idle_.begin(), idle_.end(),
                     [](const Idle& idle) { return !idle.worker->is_idle(); }),
      idle_.end());
  const auto found = std::find_if(
      idle_.begin(), idle_.end(),
      [&](const Idle& idle) { return idle.principal == principal; });
  if (found != idle_.end()) {
    std::shared_ptr<QueryWorker> worker = std::move(found->worker);
    idle_.erase(found);
    return worker;
  }
  // Another principal's makes room.
  if (!idle_.empty() && running_.size() + idle_.size() >= kMaxWorkers) {
    idle_.front().worker->Abandon();
    idle_.erase(idle_.begin());
  }
  return QueryWorker::Start(deps_, UniqueFd(), "");
}

void QueryPool::Start(Waiting waiting) {
  QueryReader* reader = waiting.reader;
  absl::StatusOr<std::shared_ptr<QueryWorker>> worker =
      WorkerFor(waiting.principal);
  if (!worker.ok()) return reader->OnEnd(worker.status());
  Running& running = running_[reader];
  running.principal = std::move(waiting.principal);
  running.worker = *worker;
  running.timeout = std::make_unique<asio::steady_timer>(deps_.loop->context(),
                                                         kQueryTimeout);
  running.timeout->async_wait([this, reader](const asio::error_code& error) {
    if (!error) OnTimeout(reader);
  });
  (*worker)->Ask(std::move(waiting.query), reader,
                 [this, reader] { OnIdle(reader); });
}

void QueryPool::OnIdle(QueryReader* reader) {
  const auto found = running_.find(reader);
  if (found == running_.end()) return;
  if (found->second.worker->is_idle()) {
    idle_.push_back(
        {std::move(found->second.principal), std::move(found->second.worker)});
  }
  running_.erase(found);
  StartWaiting();
}

void QueryPool::OnTimeout(QueryReader* reader) {
  const auto found = running_.find(reader);
  // It may be another one's by now.
  if (found == running_.end() ||
      found->second.timeout->expiry() > asio::steady_timer::clock_type::now()) {
    return;
  }
  Abandon(reader);
  reader->OnEnd(errors::QueryTimeout());
}

void QueryPool::ReadMore(QueryReader* reader) {
  thread_.AssertOnThread();
  const auto found = running_.find(reader);
  if (found != running_.end()) found->second.worker->ReadMore();
}

void QueryPool::Abandon(QueryReader* reader) {
  thread_.AssertOnThread();
  waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(),
                                [=](const Waiting& waiting) {
                                  return waiting.reader == reader;
                                }),
                 waiting_.end());
  const auto found = running_.find(reader);
  if (found == running_.end()) return;
  // OnIdle forgets it.
  const std::shared_ptr<QueryWorker> worker = found->second.worker;
  worker->Abandon();
}

}  // namespace dissectd::server
