// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_WATCH_CAPTURE_CALL_H_
#define SERVER_CAPTURE_WATCH_CAPTURE_CALL_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "dissectd/v1/capture.pb.h"
#include "server/call_gate.h"
#include "server/capture/captures.h"
#include "server/io_loop.h"
#include "server/streaming_call.h"

namespace dissectd {

// One call of CaptureService.WatchCapture: reads the capture's log at the
// client's pace.
class WatchCaptureCall : public StreamingCall<v1::WatchCaptureResponse> {
 public:
  // `loop` and `captures` are not owned and outlive the call.
  static WatchCaptureCall* Create(IoLoop* loop, const Captures* captures,
                                  CallGate::Pass pass,
                                  const v1::WatchCaptureRequest& request);

 private:
  WatchCaptureCall(IoLoop* loop, CallGate::Pass pass)
      : StreamingCall(loop, std::move(pass)) {}

  void Start(const Captures& captures, const v1::WatchCaptureRequest& request);
  void DoNext() override;
  void OnFinish() override;

  std::shared_ptr<Capture> capture_;
  uint64_t subscription_ = 0;
  uint64_t sequence_ = 0;
};

}  // namespace dissectd

#endif  // SERVER_CAPTURE_WATCH_CAPTURE_CALL_H_
