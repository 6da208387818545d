// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_worker.h"

#include <csignal>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/errors.h"
#include "server/base/memory_file.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {

absl::StatusOr<std::unique_ptr<QueryWorker>> QueryWorker::Start(
    const Deps& deps, UniqueFd capture, const std::string& capture_name,
    WorkerLimit::Permit permit) {
  return StartWith(
      deps,
      {ipc::WorkerKind::kQuery, {}, std::move(capture), std::move(permit)},
      capture_name);
}

absl::StatusOr<std::unique_ptr<QueryWorker>> QueryWorker::StartAboutEngine(
    const Deps& deps) {
  Worker::Options options;
  options.kind = ipc::WorkerKind::kEngineQuery;
  return StartWith(deps, std::move(options), "");
}

absl::StatusOr<std::unique_ptr<QueryWorker>> QueryWorker::StartForSession(
    const Deps& deps, UniqueFd capture, const std::string& capture_name) {
  return StartWith(deps,
                   {ipc::WorkerKind::kSession, {}, std::move(capture), {}},
                   capture_name);
}

absl::StatusOr<std::unique_ptr<QueryWorker>> QueryWorker::StartLive(
    const Deps& deps, LiveFeed::File file, WorkerLimit::Permit permit) {
  return StartWith(deps,
                   {ipc::WorkerKind::kLiveSession,
                    {},
                    std::move(file.fd),
                    std::move(permit)},
                   file.name);
}

absl::StatusOr<std::unique_ptr<QueryWorker>> QueryWorker::StartWith(
    const Deps& deps, Worker::Options options,
    const std::string& capture_name) {
  deps.loop->AssertOnLoop();
  if (!options.capture.valid()) {
    ASSIGN_OR_RETURN(options.capture, MemoryFileWith(""));
  }
  // make_unique can't call the private constructor.
  std::unique_ptr<QueryWorker> worker(new QueryWorker(deps.loop));
  ASSIGN_OR_RETURN(
      worker->worker_,
      Worker::Start(deps.loop, deps.parent, std::move(options), worker.get()));
  worker->worker_->Send(ipc::MessageType::kCaptureName, 0, capture_name);
  return worker;
}

absl::StatusOr<std::unique_ptr<QueryWorker>> QueryWorker::StartFork(
    IoLoop* loop, WorkerParent* parent) {
  loop->AssertOnLoop();
  // make_unique can't call the private constructor.
  std::unique_ptr<QueryWorker> worker(new QueryWorker(loop));
  Worker::Options options;
  options.kind = ipc::WorkerKind::kQuery;
  ASSIGN_OR_RETURN(
      worker->worker_,
      Worker::Start(loop, parent, std::move(options), worker.get()));
  return worker;
}

absl::StatusOr<std::unique_ptr<QueryWorker>> QueryWorker::StartFork(
    IoLoop* loop, std::shared_ptr<QueryWorker> parent,
    WorkerLimit::Permit permit) {
  loop->AssertOnLoop();
  // make_unique can't call the private constructor.
  std::unique_ptr<QueryWorker> worker(new QueryWorker(loop));
  Worker::Options options;
  options.kind = ipc::WorkerKind::kQuery;
  options.permit = std::move(permit);
  options.tells_pid = true;
  ASSIGN_OR_RETURN(
      worker->worker_,
      Worker::Start(loop, parent.get(), std::move(options), worker.get()));
  worker->parent_ = std::move(parent);
  return worker;
}

uint64_t QueryWorker::StartWorker(WorkerStart start, EndedFn ended) {
  loop_->AssertOnLoop();
  if (!ended_) {
    return forks_.Start(worker_.get(), std::move(start), std::move(ended));
  }
  loop_->Post([ended = std::move(ended)]() mutable {
    ended({WorkerEnd::Kind::kSignaled, SIGKILL});
  });
  return forks_.NewId();
}

void QueryWorker::KillWorker(uint64_t id) {
  loop_->AssertOnLoop();
  if (!ended_) forks_.Kill(worker_.get(), id);
}

void QueryWorker::Ask(Query query, QueryReader* reader) {
  reader_ = reader;
  ipc::QueryHeader header = {};
  header.query = query.kind;
  header.edit_bytes = static_cast<uint32_t>(query.edits.size());
  header.kept_bytes = static_cast<uint32_t>(query.kept_records.size());
  header.max_output_bytes = query.max_output_bytes;
  header.crash_count = static_cast<uint32_t>(query.crashes.size());
  header.limits_records = query.max_records.has_value() ? 1 : 0;
  header.max_records = query.max_records.value_or(0);
  std::string names;
  for (const std::string& name : query.input_names) {
    absl::StrAppend(&names, name, absl::string_view("\0", 1));
  }
  header.name_bytes = static_cast<uint32_t>(names.size());
  std::string bytes(ipc::BytesOf(header));
  for (const ipc::KnownCrash& crash : query.crashes) {
    absl::StrAppend(&bytes, ipc::BytesOf(crash));
  }
  absl::StrAppend(&bytes, query.edits, query.kept_records, names,
                  query.request);
  std::vector<UniqueFd> fds;
  if (query.output.valid()) fds.push_back(std::move(query.output));
  for (UniqueFd& input : query.inputs) fds.push_back(std::move(input));
  if (query.log_ids != log_ids_) {
    log_ids_ = std::move(query.log_ids);
    worker_->Send(ipc::MessageType::kLogIds, 0, log_ids_);
  }
  worker_->Send(ipc::MessageType::kQuery, ++request_, bytes, std::move(fds));
  ReadMore();
}

void QueryWorker::OnWorkerMessage(const WorkerSocket::Message& message) {
  if (std::optional<ForkTable::Ended> fork = forks_.TakeEnded(message)) {
    ReadMore();
    // This comes last, as it may destroy the object.
    return fork->report(fork->end);
  }
  if (reader_ == nullptr || message.request_id != request_) return Break();
  if (message.type == ipc::MessageType::kMessage) {
    last_frame_ = message.last_frame;
    return reader_->OnResponse(message.payload);
  }
  if (message.type == ipc::MessageType::kReadRequest && feed_ != nullptr) {
    return OnReadRequest(BytesOf(message.payload));
  }
  if (message.type != ipc::MessageType::kStatus) return Break();
  if (feed_ != nullptr) std::exchange(feed_, nullptr)->Close();
  // Idle workers are read as well, to notice their end.
  ReadMore();
  // This comes last, as the reader may destroy the object.
  std::exchange(reader_, nullptr)
      ->OnEnd(StatusFromWorker(BytesOf(message.payload)));
}

void QueryWorker::Feed(std::shared_ptr<LiveFeed> feed,
                       const std::string& file) {
  feed_ = std::move(feed);
  worker_->Send(ipc::MessageType::kLiveFile, request_, file);
}

void QueryWorker::OnReadRequest(const std::string& bytes) {
  if (!feed_->TakeRequest(bytes).ok()) return Break();
  ReadMore();
  feed_->Answer(worker_.get(), [this](const absl::Status& answered) {
    if (answered.ok()) return;
    // The worker waits in vain.
    worker_.reset();
    End(answered, {WorkerEnd::Kind::kSignaled, SIGKILL});
  });
}

void QueryWorker::OnWorkerEnd(const WorkerOutcome& outcome) {
  outcome_ = outcome;
  End(outcome.status,
      outcome.end.value_or(WorkerEnd{WorkerEnd::Kind::kEngineUnavailable}));
}

void QueryWorker::Break() {
  // Forks that nobody hears of any more must not go on.
  if (!forks_.empty()) worker_.reset();
  End(errors::WorkerProtocolError(), {WorkerEnd::Kind::kSignaled, SIGKILL});
}

void QueryWorker::End(const absl::Status& status, const WorkerEnd& end) {
  ended_ = true;
  if (feed_ != nullptr) std::exchange(feed_, nullptr)->Close();
  // Posted, as those who hear of it may destroy the object.
  loop_->Post(
      [forks = std::move(forks_), end]() mutable { forks.EndAll(end); });
  QueryReader* const reader = std::exchange(reader_, nullptr);
  absl::AnyInvocable<void(const absl::Status&)> on_idle_end =
      std::exchange(on_idle_end_, nullptr);
  // These come last, as they may destroy the object.
  if (reader != nullptr) return reader->OnEnd(status);
  if (on_idle_end != nullptr) on_idle_end(status);
}

}  // namespace dissectd::server
