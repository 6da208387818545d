// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_WATCH_CALL_H_
#define SERVER_INTERFACE_INTERFACE_WATCH_CALL_H_

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/interface/interface_snapshot.h"
#include "server/interface/interface_watch.h"
#include "server/policy/resource_access.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A call of CaptureService.WatchInterfaceStatistics. A slow client misses
// snapshots, but not their changes.
class InterfaceWatchCall : public StreamingCall,
                           public InterfaceWatch::Watcher {
 public:
  // Starts the call; from any thread. `loop`, `watch` and `access` are not
  // owned and outlive the call.
  static InterfaceWatchCall* Create(IoLoop* loop, InterfaceWatch* watch,
                                    const ResourceAccess* access,
                                    std::unique_ptr<CallContext> context);

 private:
  InterfaceWatchCall(IoLoop* loop, InterfaceWatch* watch,
                     const ResourceAccess* access,
                     std::unique_ptr<CallContext> context)
      : StreamingCall(loop, std::move(context)),
        watch_(watch),
        access_(access) {}

  void OnSnapshot(
      const std::shared_ptr<const InterfaceSnapshot>& snapshot) override;
  void OnWatchEnded(const absl::Status& status) override;
  bool is_live() const override { return true; }
  // Removes the interfaces that the caller may not see.
  void Conceal(InterfaceSnapshot* snapshot) const;
  void DoNext() override;
  void OnCancelled() override;

  InterfaceWatch* const watch_;
  const ResourceAccess* const access_;
  PendingSnapshot pending_;
  // The status with which the call ends.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_WATCH_CALL_H_
