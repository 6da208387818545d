// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/query/query_worker.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "core/ipc/protocol.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/errors.h"
#include "server/base/memory_file.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {

absl::StatusOr<std::shared_ptr<QueryWorker>> QueryWorker::Start(
    const Deps& deps, UniqueFd capture, const std::string& capture_name) {
  if (!capture.valid()) {
    ASSIGN_OR_RETURN(capture, MemoryFileWith(""));
  }
  // Not make_shared: the constructor is private.
  std::shared_ptr<QueryWorker> worker(new QueryWorker());
  ASSIGN_OR_RETURN(
      worker->process_,
      WorkerProcess::Start(
          deps.loop, deps.engine, std::move(capture),
          [worker](const WorkerEnd& end) { worker->OnProcessEnded(end); }));
  worker->process_->socket()->Send(ipc::MessageType::kCaptureName,
                                   capture_name);
  return worker;
}

void QueryWorker::Ask(Query query, QueryReader* reader,
                      absl::AnyInvocable<void()> idle) {
  reader_ = reader;
  idle_ = std::move(idle);
  ipc::QueryHeader header = {};
  header.query = query.kind;
  header.max_output_bytes = query.max_output_bytes;
  process_->socket()->Send(ipc::MessageType::kQuery,
                           absl::StrCat(ipc::BytesOf(header), query.request),
                           std::move(query.output));
  ReadMore();
}

void QueryWorker::ReadMore() {
  if (reading_ || channel_closed_ || ended_) return;
  // One that is idle is read as well, to notice its end.
  if (reader_ != nullptr && !reader_->HasRoom()) return;
  reading_ = true;
  process_->socket()->Read(
      [self = shared_from_this()](WorkerSocket::ReadResult result,
                                  const WorkerSocket::Message& frame) {
        self->OnRead(result, frame);
      });
}

void QueryWorker::OnRead(WorkerSocket::ReadResult result,
                         const WorkerSocket::Message& frame) {
  reading_ = false;
  const bool is_frame = result == WorkerSocket::ReadResult::kMessage;
  if (result == WorkerSocket::ReadResult::kClosed) {
    channel_closed_ = true;
    return EndIfSilent();
  }
  if (is_frame && reader_ != nullptr &&
      frame.kind == ipc::MessageType::kMessage) {
    reader_->OnResponse(frame.payload);
  } else if (is_frame && reader_ != nullptr &&
             frame.kind == ipc::MessageType::kStatus) {
    QueryReader* reader = std::exchange(reader_, nullptr);
    absl::AnyInvocable<void()> idle = std::move(idle_);
    reader->OnEnd(StatusFromWorker(BytesOf(frame.payload)));
    idle();
  } else {
    End(errors::WorkerProtocolError());
  }
  ReadMore();
}

void QueryWorker::OnProcessEnded(const WorkerEnd& end) {
  process_end_ = end;
  // A worker that was never forked has no end of the channel to close.
  if (!HadProcess(end)) channel_closed_ = true;
  EndIfSilent();
}

void QueryWorker::EndIfSilent() {
  if (ended_ || !channel_closed_ || !process_end_.has_value()) return;
  End(CrashStatus(*process_end_, process_->LastLocation()));
}

void QueryWorker::Abandon() {
  reader_ = nullptr;
  End(absl::CancelledError("nobody wants to know"));
}

void QueryWorker::End(const absl::Status& status) {
  if (std::exchange(ended_, true)) return;
  process_->socket()->Close();
  if (!process_end_.has_value()) process_->Kill();
  QueryReader* reader = std::exchange(reader_, nullptr);
  absl::AnyInvocable<void()> idle = std::move(idle_);
  if (reader != nullptr) reader->OnEnd(status);
  if (idle != nullptr) idle();
}

}  // namespace dissectd::server
