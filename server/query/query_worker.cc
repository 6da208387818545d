// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_worker.h"

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

absl::StatusOr<std::unique_ptr<QueryWorker>> QueryWorker::StartWith(
    const Deps& deps, Worker::Options options,
    const std::string& capture_name) {
  deps.loop->AssertOnLoop();
  if (!options.capture.valid()) {
    ASSIGN_OR_RETURN(options.capture, MemoryFileWith(""));
  }
  // make_unique can't call the private constructor.
  std::unique_ptr<QueryWorker> worker(new QueryWorker());
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
  std::unique_ptr<QueryWorker> worker(new QueryWorker());
  Worker::Options options;
  options.kind = ipc::WorkerKind::kQuery;
  ASSIGN_OR_RETURN(
      worker->worker_,
      Worker::Start(loop, parent, std::move(options), worker.get()));
  return worker;
}

void QueryWorker::Ask(Query query, QueryReader* reader) {
  reader_ = reader;
  ipc::QueryHeader header = {};
  header.query = query.kind;
  header.max_output_bytes = query.max_output_bytes;
  std::vector<UniqueFd> fds;
  if (query.output.valid()) fds.push_back(std::move(query.output));
  worker_->Send(ipc::MessageType::kQuery, ++request_,
                absl::StrCat(ipc::BytesOf(header), query.request),
                std::move(fds));
  ReadMore();
}

void QueryWorker::OnWorkerMessage(const WorkerSocket::Message& message) {
  if (reader_ == nullptr || message.request_id != request_) {
    return End(errors::WorkerProtocolError());
  }
  if (message.type == ipc::MessageType::kMessage) {
    return reader_->OnResponse(message.payload);
  }
  if (message.type != ipc::MessageType::kStatus) {
    return End(errors::WorkerProtocolError());
  }
  // Idle workers are read as well, to notice their end.
  ReadMore();
  // This comes last, as the reader may destroy the object.
  std::exchange(reader_, nullptr)
      ->OnEnd(StatusFromWorker(BytesOf(message.payload)));
}

void QueryWorker::OnWorkerEnd(const WorkerOutcome& outcome) {
  End(outcome.status);
}

void QueryWorker::End(const absl::Status& status) {
  ended_ = true;
  // This comes last, as the reader may destroy the object.
  if (reader_ != nullptr) std::exchange(reader_, nullptr)->OnEnd(status);
}

}  // namespace dissectd::server
