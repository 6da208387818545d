// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/worker_answer.h"

#include "core/base/status_macros.h"
#include "core/ipc/protocol.h"
#include "server/base/errors.h"
#include "server/engine/crash_message.h"

namespace dissectd::server {

absl::Status WorkerAnswer::Start(IoLoop* loop, EngineSupervisor* engine,
                                 CaptureSource capture,
                                 const v1::DissectRequest& request,
                                 WorkerLimit::Permit permit) {
  started_ = true;
  ASSIGN_OR_RETURN(worker_, Worker::Start(loop, engine,
                                          {ipc::WorkerKind::kDissection,
                                           {},
                                           std::move(capture.file),
                                           std::move(permit)},
                                          this));
  worker_->Send(ipc::MessageType::kCaptureName, 0, capture.name);
  worker_->Send(ipc::MessageType::kDissect, kOnlyRequest,
                request.SerializeAsString());
  return absl::OkStatus();
}

void WorkerAnswer::Cancel() {
  next_.reset();
  worker_.reset();
}

void WorkerAnswer::Read() {
  if (next_.has_value() || status_.has_value() || worker_ == nullptr) return;
  worker_->Read();
}

std::optional<grpc::ByteBuffer> WorkerAnswer::Take() {
  return std::exchange(next_.has_value() ? next_ : crash_, std::nullopt);
}

void WorkerAnswer::OnWorkerMessage(const WorkerSocket::Message& message) {
  if (message.type == ipc::MessageType::kMessage) {
    next_ = message.payload;
  } else {
    status_ = errors::WorkerProtocolError();
  }
  on_change_();
}

void WorkerAnswer::OnWorkerEnd(const WorkerOutcome& outcome) {
  if (outcome.crashed()) crash_ = CrashMessage(outcome);
  status_ = outcome.status;
  on_change_();
}

}  // namespace dissectd::server
