// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_WATCH_CAPTURE_CALL_H_
#define SERVER_CAPTURE_WATCH_CAPTURE_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "dissectd/v1/capture.pb.h"
#include "server/call_gate.h"
#include "server/capture/captures.h"
#include "server/io_loop.h"

namespace dissectd {

// One call of CaptureService.WatchCapture: reads the capture's log at the
// client's pace. All state is the loop's; the call owns itself until gRPC is
// done with it.
class WatchCaptureCall
    : public grpc::ServerWriteReactor<v1::WatchCaptureResponse>,
      public std::enable_shared_from_this<WatchCaptureCall> {
 public:
  // `loop` and `captures` are not owned and outlive the call.
  static WatchCaptureCall* Create(IoLoop* loop, const Captures* captures,
                                  CallGate::Pass pass,
                                  const v1::WatchCaptureRequest& request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  WatchCaptureCall(IoLoop* loop, CallGate::Pass pass)
      : loop_(loop), pass_(std::move(pass)) {}

  // Below: the loop's thread only.
  void Start(const Captures& captures, const v1::WatchCaptureRequest& request);
  void Advance();
  void FinishWith(const absl::Status& status);

  IoLoop* const loop_;
  CallGate::Pass pass_;
  // Until OnDone.
  std::shared_ptr<WatchCaptureCall> self_;
  std::shared_ptr<Capture> capture_;
  uint64_t subscription_ = 0;
  uint64_t sequence_ = 0;
  bool writing_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
  // While gRPC works on it.
  v1::WatchCaptureResponse response_;
};

}  // namespace dissectd

#endif  // SERVER_CAPTURE_WATCH_CAPTURE_CALL_H_
