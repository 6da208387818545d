// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_WATCH_H_
#define SERVER_INTERFACE_INTERFACE_WATCH_H_

#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/base/thread_checker.h"
#include "server/dumpcap/dumpcap.h"
#include "server/interface/interface_snapshot.h"
#include "server/interface/kernel_interfaces.h"
#include "server/interface/statistics_run.h"

namespace dissectd::server {

// Takes a snapshot of all interfaces once a second while someone watches, with
// one dumpcap for all who do. Used on the loop's thread only.
class InterfaceWatch {
 public:
  // Someone who watches. Called on the loop's thread.
  class Watcher {
   public:
    virtual ~Watcher() = default;

    // There is a new snapshot.
    virtual void OnSnapshot(
        const std::shared_ptr<const InterfaceSnapshot>& snapshot) = 0;

    // There will be none any more; this is no watcher now.
    virtual void OnWatchEnded(const absl::Status& status) = 0;
  };

  // `context` and `dumpcap` are not owned and outlive this, whose destruction
  // waits until the loop has ended.
  InterfaceWatch(asio::io_context* context, Dumpcap* dumpcap)
      : context_(context),
        dumpcap_(dumpcap),
        start_timer_(*context),
        snapshot_timer_(*context) {}
  ~InterfaceWatch();
  InterfaceWatch(const InterfaceWatch&) = delete;
  InterfaceWatch& operator=(const InterfaceWatch&) = delete;

  // Lets someone watch until they are removed or told that it has ended. If
  // there is a snapshot, they have the latest one before this returns.
  //
  // Errors for OnWatchEnded: SERVER_STOPPING; those of Dumpcap::Query, if
  // dumpcap can't be run at all; FILE_SYSTEM_ERROR.
  void Add(Watcher* watcher);

  // Does nothing if it is no watcher.
  void Remove(Watcher* watcher);

  // Ends it for all who watch, and whoever wants to from now on.
  void Stop();

 private:
  using Clock = std::chrono::steady_clock;
  // The interfaces that are up; by name, with their index.
  using UpInterfaces = std::map<std::string, int>;

  static UpInterfaces UpInterfacesOf(const KernelInterfaces& kernel);

  void Begin();
  void End();
  void Fail(const absl::Status& status);

  // dumpcap's runs.
  void StartRun();
  void RestartRun();
  void OnCount(absl::string_view name, uint32_t packets);
  void OnRunEnded(const absl::Status& status);

  // Snapshots.
  void TakeSnapshotIn(Clock::duration time);
  void OnSnapshotTime();
  void Publish(InterfaceSnapshot snapshot);

  asio::io_context* const context_;
  Dumpcap* const dumpcap_;
  std::vector<Watcher*> watchers_;
  bool stopped_ = false;
  // A timer's handler may be on its way when the timer is cancelled; it does
  // nothing if this has changed.
  int timers_of_ = 0;

  // Null while none is running.
  std::shared_ptr<StatisticsRun> run_;
  asio::steady_timer start_timer_;
  Clock::time_point started_;
  // When the run began or counted last.
  Clock::time_point last_sign_;
  // dumpcap never sees those that come up later.
  UpInterfaces up_at_start_;

  // Present while someone watches.
  std::optional<InterfaceSnapshots> snapshots_;
  bool counted_ = false;
  asio::steady_timer snapshot_timer_;
  std::shared_ptr<const InterfaceSnapshot> latest_;
  Clock::time_point latest_time_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_WATCH_H_
