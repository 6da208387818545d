// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/watch_capture_call.h"

#include <utility>

#include "absl/status/statusor.h"
#include "server/errors.h"
#include "server/grpc_status.h"

namespace dissectd {

WatchCaptureCall* WatchCaptureCall::Create(
    IoLoop* loop, const Captures* captures, CallGate::Pass pass,
    const v1::WatchCaptureRequest& request) {
  // Not make_shared: the constructor is private.
  const std::shared_ptr<WatchCaptureCall> call(
      new WatchCaptureCall(loop, std::move(pass)));
  call->self_ = call;
  loop->Post([call, captures, request] { call->Start(*captures, request); });
  return call.get();
}

void WatchCaptureCall::Start(const Captures& captures,
                             const v1::WatchCaptureRequest& request) {
  if (!pass_.valid()) return FinishWith(errors::ServerStopping());
  absl::StatusOr<std::shared_ptr<Capture>> capture =
      captures.Find(request.name());
  if (!capture.ok()) return FinishWith(capture.status());
  capture_ = *std::move(capture);
  sequence_ = request.after_sequence();
  subscription_ = capture_->Subscribe([this] { Advance(); });
  Advance();
}

void WatchCaptureCall::OnWriteDone(bool ok) {
  loop_->Post([self = shared_from_this(), ok] {
    self->writing_ = false;
    self->cancelled_ |= !ok;
    self->Advance();
  });
}

void WatchCaptureCall::OnCancel() {
  loop_->Post([self = shared_from_this()] {
    self->cancelled_ = true;
    self->Advance();
  });
}

void WatchCaptureCall::Advance() {
  if (writing_ || finished_) return;
  if (cancelled_) return FinishWith(absl::CancelledError("cancelled"));
  if (capture_ == nullptr) return;
  if (const v1::CaptureEvent* event = capture_->log().After(sequence_)) {
    sequence_ = event->sequence();
    *response_.mutable_event() = *event;
    writing_ = true;
    StartWrite(&response_);
  } else if (capture_->has_ended()) {
    FinishWith(absl::OkStatus());
  }
}

void WatchCaptureCall::FinishWith(const absl::Status& status) {
  finished_ = true;
  if (capture_ != nullptr) capture_->Unsubscribe(subscription_);
  Finish(ToGrpcStatus(status));
}

void WatchCaptureCall::OnDone() {
  pass_ = CallGate::Pass();
  loop_->Post([self = std::move(self_)] {});
}

}  // namespace dissectd
