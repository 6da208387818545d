// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_INTERFACE_WATCH_CALL_H_
#define SERVER_CAPTURE_INTERFACE_WATCH_CALL_H_

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "server/call_gate.h"
#include "server/capture/interface_snapshot.h"
#include "server/capture/interface_watch.h"
#include "server/io_loop.h"
#include "server/streaming_call.h"

namespace dissectd {

// One call of CaptureService.WatchInterfaceStatistics. A client that is slower
// than the snapshots come skips some, but not their changes.
class InterfaceWatchCall : public StreamingCall<InterfaceSnapshot>,
                           public InterfaceWatch::Watcher {
 public:
  // Begins the call, or ends it at once if the pass is invalid; from any
  // thread. Returns what gRPC is to be given. `loop` and `watch` are not owned
  // and outlive the call.
  static InterfaceWatchCall* Create(IoLoop* loop, InterfaceWatch* watch,
                                    CallGate::Pass pass);

 private:
  InterfaceWatchCall(IoLoop* loop, InterfaceWatch* watch, CallGate::Pass pass)
      : StreamingCall(loop, std::move(pass)), watch_(watch) {}

  void Start();
  void OnSnapshot(
      const std::shared_ptr<const InterfaceSnapshot>& snapshot) override;
  void OnWatchEnded(const absl::Status& status) override;
  void DoNext() override;
  void OnCancelled() override;

  InterfaceWatch* const watch_;
  PendingSnapshot pending_;
  // What the call shall end with.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd

#endif  // SERVER_CAPTURE_INTERFACE_WATCH_CALL_H_
