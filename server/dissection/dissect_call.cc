// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/dissect_call.h"

#include "core/base/status_macros.h"
#include "core/ipc/protocol.h"
#include "server/base/errors.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {

DissectCall* DissectCall::Create(const Deps& deps,
                                 std::unique_ptr<CallContext> context) {
  // Not make_shared: the constructor is private.
  return Own(
      std::shared_ptr<DissectCall>(new DissectCall(deps, std::move(context))));
}

void DissectCall::Start(Work work) {
  loop()->Post([self = Shared(this), work = std::move(work)]() mutable {
    const absl::Status status = self->StartWorker(std::move(work));
    if (!status.ok()) self->status_ = status;
    self->Advance();
  });
}

void DissectCall::Fail(const absl::Status& status) {
  loop()->Post([self = Shared(this), status] {
    self->status_ = status;
    self->Advance();
  });
}

absl::Status DissectCall::StartWorker(Work work) {
  // The client may have gone before anything was begun.
  if (is_cancelled()) return absl::OkStatus();
  ASSIGN_OR_RETURN(permit_, context()->TakeWorkerPermit());
  ASSIGN_OR_RETURN(worker_, WorkerProcess::Start(
                                loop(), engine_, std::move(work.capture.file),
                                [self = Shared(this)](const WorkerEnd& end) {
                                  self->OnWorkerEnded(end);
                                }));
  WorkerSocket* socket = worker_->socket();
  socket->Send(ipc::MessageType::kCaptureName, work.capture.name);
  socket->Send(ipc::MessageType::kDissect, work.request.SerializeAsString());
  return absl::OkStatus();
}

void DissectCall::Read() {
  reading_ = true;
  worker_->socket()->Read(
      [self = Shared(this)](WorkerSocket::ReadResult result,
                            const WorkerSocket::Message& frame) {
        self->OnRead(result, frame);
      });
}

void DissectCall::OnRead(WorkerSocket::ReadResult result,
                         const WorkerSocket::Message& frame) {
  reading_ = false;
  if (result == WorkerSocket::ReadResult::kClosed) {
    closed_ = true;
  } else if (result == WorkerSocket::ReadResult::kMessage &&
             frame.kind == ipc::MessageType::kMessage) {
    next_ = frame.payload;
  } else if (result == WorkerSocket::ReadResult::kMessage &&
             frame.kind == ipc::MessageType::kStatus) {
    status_ = StatusFromWorker(BytesOf(frame.payload));
  } else {
    FailWorker(errors::WorkerProtocolError());
  }
  Advance();
}

void DissectCall::FailWorker(const absl::Status& status) {
  worker_->Kill();
  status_ = status;
}

void DissectCall::OnWorkerEnded(const WorkerEnd& end) {
  worker_end_ = end;
  permit_ = WorkerLimit::Permit();
  // A worker that was never forked has no end of the channel to close.
  if (!HadProcess(end)) closed_ = true;
  Advance();
}

void DissectCall::OnCancelled() {
  next_.reset();
  if (worker_ != nullptr && !worker_end_.has_value()) worker_->Kill();
}

void DissectCall::DoNext() {
  if (is_writing()) {
    // What comes after the message in flight is read meanwhile, but no more.
    if (next_.has_value()) return;
  } else if (next_.has_value()) {
    Write(*std::exchange(next_, std::nullopt));
  } else if (status_.has_value()) {
    return FinishWith(*status_);
  } else if (closed_ && worker_end_.has_value()) {
    return ReportCrash();
  }
  if (!reading_ && !closed_ && !status_.has_value() && worker_ != nullptr) {
    Read();
  }
}

void DissectCall::ReportCrash() {
  const WorkerProcess::CrashLocation location = worker_->LastLocation();
  status_ = CrashStatus(*worker_end_, location);
  if (!HadProcess(*worker_end_)) return FinishWith(*status_);
  Write(CrashMessage(*worker_end_, location));
}

void DissectCall::OnFinish() {
  // A worker that still has something to say is no longer listened to.
  if (worker_ != nullptr) worker_->socket()->Close();
}

}  // namespace dissectd::server
