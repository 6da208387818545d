// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_service/watch_capture_call.h"

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/errors.h"

namespace dissectd::server {

WatchCaptureCall* WatchCaptureCall::Create(
    IoLoop* loop, const Captures* captures,
    std::unique_ptr<CallContext> context,
    const v1::WatchCaptureRequest& request) {
  // make_shared can't call the private constructor.
  WatchCaptureCall* call = Own(std::shared_ptr<WatchCaptureCall>(
      new WatchCaptureCall(loop, std::move(context))));
  loop->Post([call = Shared(call), captures, request] {
    call->Start(*captures, request);
  });
  return call;
}

void WatchCaptureCall::Start(const Captures& captures,
                             const v1::WatchCaptureRequest& request) {
  absl::StatusOr<std::shared_ptr<Capture>> capture =
      captures.Find(request.name());
  if (!capture.ok()) return FinishWith(capture.status());
  capture_ = *std::move(capture);
  use_ = CaptureUse(capture_);
  sequence_ = request.after_sequence();
  capture_->AddWatcher(this);
  subscription_ = capture_->Subscribe([this] { Advance(); });
  Advance();
}

void WatchCaptureCall::DoNext() {
  if (is_writing()) return;
  if (const v1::CaptureEvent* event =
          capture_->history().log().After(sequence_)) {
    sequence_ = event->sequence();
    v1::WatchCaptureResponse response;
    *response.mutable_event() = *event;
    Write(response);
  } else if (capture_->has_ended()) {
    FinishWith(absl::OkStatus());
  } else if (capture_->is_left()) {
    // The next daemon has the events after these.
    FinishWith(errors::ServerStopping());
  }
}

void WatchCaptureCall::OnFinish() {
  if (capture_ != nullptr) {
    capture_->RemoveWatcher(this);
    capture_->Unsubscribe(subscription_);
  }
  use_.End();
}

}  // namespace dissectd::server
