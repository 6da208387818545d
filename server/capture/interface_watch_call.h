// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_INTERFACE_WATCH_CALL_H_
#define SERVER_CAPTURE_INTERFACE_WATCH_CALL_H_

#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "server/call_gate.h"
#include "server/capture/interface_snapshot.h"
#include "server/capture/interface_watch.h"
#include "server/io_loop.h"

namespace dissectd {

// One call of CaptureService.WatchInterfaceStatistics. A client that is slower
// than the snapshots come skips some, but not their changes.
//
// gRPC's reactions only post to the loop; all state is the loop's. The call
// owns itself until gRPC is done with it.
class InterfaceWatchCall
    : public grpc::ServerWriteReactor<v1::WatchInterfaceStatisticsResponse>,
      public InterfaceWatch::Watcher,
      public std::enable_shared_from_this<InterfaceWatchCall> {
 public:
  // Begins the call, or ends it at once if the pass is invalid; from any
  // thread. Returns what gRPC is to be given. `loop` and `watch` are not owned
  // and outlive the call.
  static InterfaceWatchCall* Create(IoLoop* loop, InterfaceWatch* watch,
                                    CallGate::Pass pass);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  InterfaceWatchCall(IoLoop* loop, InterfaceWatch* watch, CallGate::Pass pass)
      : loop_(loop), watch_(watch), pass_(std::move(pass)) {}

  // Below: the loop's thread only.
  void OnSnapshot(
      const std::shared_ptr<const InterfaceSnapshot>& snapshot) override;
  void OnWatchEnded(const absl::Status& status) override;
  void Cancel();
  // Does what can be done next.
  void Advance();

  IoLoop* const loop_;
  InterfaceWatch* const watch_;
  CallGate::Pass pass_;
  // Until OnDone.
  std::shared_ptr<InterfaceWatchCall> self_;

  bool finished_ = false;
  PendingSnapshot pending_;
  // Present while gRPC works on it.
  std::optional<InterfaceSnapshot> in_flight_;
  // What the call shall end with.
  std::optional<grpc::Status> status_;
};

}  // namespace dissectd

#endif  // SERVER_CAPTURE_INTERFACE_WATCH_CALL_H_
