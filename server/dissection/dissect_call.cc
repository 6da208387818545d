// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/dissect_call.h"

#include "core/base/status_macros.h"
#include "core/ipc/protocol.h"
#include "server/base/errors.h"
#include "server/engine/crash_message.h"

namespace dissectd::server {

DissectCall* DissectCall::Create(const Deps& deps,
                                 std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
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
  // The client may have gone before the call began.
  if (is_cancelled()) return absl::OkStatus();
  ASSIGN_OR_RETURN(WorkerLimit::Permit permit, context()->TakeWorkerPermit());
  ASSIGN_OR_RETURN(worker_, Worker::Start(loop(), engine_,
                                          {ipc::WorkerKind::kDissection,
                                           {},
                                           std::move(work.capture.file),
                                           std::move(permit)},
                                          this));
  worker_->Send(ipc::MessageType::kCaptureName, 0, work.capture.name);
  worker_->Send(ipc::MessageType::kDissect, kOnlyRequest,
                work.request.SerializeAsString());
  return absl::OkStatus();
}

void DissectCall::OnWorkerMessage(const WorkerSocket::Message& message) {
  if (message.type == ipc::MessageType::kMessage) {
    next_ = message.payload;
  } else {
    status_ = errors::WorkerProtocolError();
  }
  Advance();
}

void DissectCall::OnWorkerEnd(const WorkerOutcome& outcome) {
  if (outcome.crashed()) crash_ = CrashMessage(outcome);
  status_ = outcome.status;
  Advance();
}

void DissectCall::OnCancelled() {
  next_.reset();
  worker_.reset();
}

void DissectCall::DoNext() {
  if (is_writing()) {
    // Reads one message ahead of the message in flight.
    if (next_.has_value()) return;
  } else if (next_.has_value()) {
    Write(*std::exchange(next_, std::nullopt));
  } else if (crash_.has_value()) {
    return Write(*std::exchange(crash_, std::nullopt));
  } else if (status_.has_value()) {
    return FinishWith(*status_);
  }
  if (!status_.has_value() && worker_ != nullptr) worker_->Read();
}

void DissectCall::OnFinish() {
  // Stops listening to a worker that still has messages.
  worker_.reset();
}

}  // namespace dissectd::server
