// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SERVICE_WATCH_CAPTURE_CALL_H_
#define SERVER_CAPTURE_SERVICE_WATCH_CAPTURE_CALL_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "dissectd/v1/capture.pb.h"
#include "server/base/io_loop.h"
#include "server/capture/capture_use.h"
#include "server/capture/captures.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A call of CaptureService.WatchCapture: sends the capture's log at the
// client's pace.
class WatchCaptureCall : public StreamingCall, private CaptureWatcher {
 public:
  // `loop` and `captures` are not owned and outlive the call.
  static WatchCaptureCall* Create(IoLoop* loop, const Captures* captures,
                                  std::unique_ptr<CallContext> context,
                                  const v1::WatchCaptureRequest& request);

 private:
  WatchCaptureCall(IoLoop* loop, std::unique_ptr<CallContext> context)
      : StreamingCall(loop, std::move(context)) {}

  void Start(const Captures& captures, const v1::WatchCaptureRequest& request);
  bool is_live() const override { return true; }
  void DoNext() override;
  void OnFinish() override;
  uint64_t sequence() const override { return sequence_; }

  std::shared_ptr<Capture> capture_;
  CaptureUse use_;
  uint64_t subscription_ = 0;
  uint64_t sequence_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_SERVICE_WATCH_CAPTURE_CALL_H_
