// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/feed_capture_call.h"

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/dumpcap/capture_errors.h"
#include "server/rpc/message_bytes.h"
#include "server/rpc/request_check.h"

namespace dissectd::server {

FeedCaptureCall* FeedCaptureCall::Create(IoLoop* loop, const Captures* captures,
                                         const ResourceAccess* access,
                                         std::unique_ptr<CallContext> context,
                                         grpc::ByteBuffer* response) {
  // make_shared can't call the private constructor.
  FeedCaptureCall* call =
      Own(std::shared_ptr<FeedCaptureCall>(new FeedCaptureCall(
          loop, captures, access, std::move(context), response)));
  call->ReadNext();
  return call;
}

void FeedCaptureCall::ReadNext() {
  BeginRead();
  StartRead(&bytes_);
}

void FeedCaptureCall::OnOverdue() {
  if (finished_) return Call::OnOverdue();
  FinishWith(context()->CancelledStatus());
}

void FeedCaptureCall::OnReadDone(bool ok) {
  EndRead();
  const absl::Status parsed = ok ? ParseRead() : absl::OkStatus();
  loop()->Post([self = Shared(this), ok, parsed] {
    if (self->finished_) return;
    if (!ok) return self->EndPackets();
    const absl::Status status = parsed.ok() ? self->TakeMessage() : parsed;
    if (!status.ok()) self->FinishWith(status);
  });
}

void FeedCaptureCall::OnCancel() {
  SetClientGone();
  broken_off_ = true;
  loop()->Post([self = Shared(this)] {
    if (!self->finished_) self->FinishWith(self->context()->CancelledStatus());
  });
}

void FeedCaptureCall::OnDone() {
  // A client that vanishes can look like one that has sent everything first.
  if (broken_off_) {
    loop()->Post([self = Shared(this)] { self->StopMixedCapture(); });
  }
  Release();
}

absl::Status FeedCaptureCall::ParseRead() {
  context()->CountReceived(bytes_.Length());
  return ParseRequest(bytes_, &message_);
}

absl::Status FeedCaptureCall::TakeMessage() {
  loop()->AssertOnLoop();
  if (capture_ == nullptr) RETURN_IF_ERROR(Begin());
  const size_t size = message_.data().size();
  if (size > kMaxPipeChunkBytes) {
    return errors::PipeBytesTooLarge(size, kMaxPipeChunkBytes);
  }
  // A message without bytes only says that the client is there.
  if (size > 0) has_bytes_ = true;
  ASSIGN_OR_RETURN(std::string bytes, head_.Take(message_.data()));
  pipe_->Write(std::move(bytes), [self = Shared(this)](bool written) {
    self->OnWritten(written);
  });
  return absl::OkStatus();
}

absl::Status FeedCaptureCall::Begin() {
  context()->AddResource(message_.name());
  RETURN_IF_ERROR(access_->CheckCapture(ActorOf(*context()), Use::kChange,
                                        message_.name()));
  ASSIGN_OR_RETURN(std::shared_ptr<Capture> capture,
                   captures_->Find(message_.name()));
  ASSIGN_OR_RETURN(pipe_, capture->TakePipe(context()->principal()));
  capture_ = std::move(capture);
  use_ = CaptureUse(capture_);
  subscription_ = capture_->Subscribe([this] { OnCaptureChange(); });
  return absl::OkStatus();
}

void FeedCaptureCall::OnWritten(bool written) {
  // If dumpcap reads no more, the capture is about to end, which ends the call.
  if (written && !finished_) ReadNext();
}

void FeedCaptureCall::OnCaptureChange() {
  if (!capture_->has_ended()) return;
  FinishWith(errors::CaptureNotFed(capture_->description().name(),
                                   "has ended, and takes no more packets"));
}

void FeedCaptureCall::EndPackets() {
  if (capture_ == nullptr) return FinishWith(errors::CaptureNotFound(""));
  pipe_->Write(head_.Rest(), [self = Shared(this)](bool) {
    if (!self->finished_) self->FinishWith(self->Answer());
  });
}

absl::Status FeedCaptureCall::Answer() {
  *response_ = SerializeMessage(v1::FeedCaptureResponse());
  context()->CountSent(response_->Length());
  return absl::OkStatus();
}

void FeedCaptureCall::FinishWith(const absl::Status& status) {
  loop()->AssertOnLoop();
  finished_ = true;
  if (capture_ != nullptr) {
    capture_->Unsubscribe(subscription_);
    pipe_->Close();
  }
  if (!status.ok()) StopMixedCapture();
  use_.End();
  Finish(EndingWith(status));
}

void FeedCaptureCall::StopMixedCapture() {
  if (capture_ != nullptr &&
      capture_->description().options().interfaces_size() > 1) {
    capture_->Stop(v1::STOP_REASON_IDLE);
  }
}

}  // namespace dissectd::server
