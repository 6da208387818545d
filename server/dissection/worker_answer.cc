// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/worker_answer.h"

#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/ipc/protocol.h"
#include "server/base/errors.h"
#include "server/engine/crash_message.h"

namespace dissectd::server {

absl::Status WorkerAnswer::Start(IoLoop* loop, WorkerParent* engine, Work work,
                                 WorkerLimit::Permit permit) {
  loop_ = loop;
  engine_ = engine;
  capture_ = std::move(work.capture);
  request_ = work.request.SerializeAsString();
  log_ids_ = std::move(work.log_ids);
  keep_frame_ = std::move(work.keep_frame);
  recovery_ = CrashRecovery(work.max_crashes, keep_frame_ != nullptr);
  return StartWorker(std::move(permit));
}

absl::Status WorkerAnswer::StartWorker(WorkerLimit::Permit permit) {
  ASSIGN_OR_RETURN(UniqueFd capture, CaptureForWorker());
  ASSIGN_OR_RETURN(worker_, Worker::Start(loop_, engine_,
                                          {ipc::WorkerKind::kDissection,
                                           {},
                                           std::move(capture),
                                           std::move(permit)},
                                          this));
  worker_->Send(ipc::MessageType::kCaptureName, 0, capture_.name);
  worker_->Send(ipc::MessageType::kLogIds, 0, log_ids_);
  worker_->Send(ipc::MessageType::kDissect, kOnlyRequest,
                absl::StrCat(recovery_.StartOfRequest(), request_));
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> WorkerAnswer::CaptureForWorker() {
  if (recovery_.max_crashes() == 0) return std::move(capture_.file);
  UniqueFd copy = capture_.file.Duplicate();
  if (!copy.valid()) return errors::WorkerNotStarted(errno);
  // The copies share their position, which a dead worker may have moved.
  lseek(copy.get(), 0, SEEK_SET);
  return copy;
}

bool WorkerAnswer::Continue(const WorkerOutcome& outcome) {
  if (status_.has_value()) return false;
  WorkerLimit::Permit permit = worker_->TakePermit();
  return permit.valid() && recovery_.MayContinueAfter(outcome) &&
         StartWorker(std::move(permit)).ok();
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
  if (message.type == ipc::MessageType::kCrashingFrame &&
      keep_frame_ != nullptr) {
    keep_frame_(BytesOf(message.payload));
    return worker_->Read();
  }
  if (message.type == ipc::MessageType::kMessage) {
    next_ = message.payload;
    recovery_.AddMessage(message.last_frame);
  } else {
    status_ = errors::WorkerProtocolError();
  }
  on_change_();
}

void WorkerAnswer::OnWorkerEnd(const WorkerOutcome& outcome) {
  if (outcome.crashed()) {
    const grpc::ByteBuffer message = CrashMessage(outcome);
    if (Continue(outcome)) return on_change_();
    crash_ = message;
  }
  status_ = outcome.status;
  on_change_();
}

}  // namespace dissectd::server
