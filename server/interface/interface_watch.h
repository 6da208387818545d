// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_WATCH_H_
#define SERVER_INTERFACE_INTERFACE_WATCH_H_

#include <asio/io_context.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/base/thread_checker.h"
#include "server/base/timer.h"
#include "server/dumpcap/dumpcap.h"
#include "server/interface/interface_snapshot.h"
#include "server/interface/kernel_interfaces.h"
#include "server/interface/statistics_run.h"

namespace dissectd::server {

// Takes a snapshot of all interfaces once a second while anyone watches. All
// watchers share one dumpcap. Used on the loop's thread only.
class InterfaceWatch {
 public:
  // Receives snapshots. Called on the loop's thread.
  class Watcher {
   public:
    virtual ~Watcher() = default;

    // Is called for a new snapshot.
    virtual void OnSnapshot(
        const std::shared_ptr<const InterfaceSnapshot>& snapshot) = 0;

    // Is called when no more snapshots come; the watcher has been removed.
    virtual void OnWatchEnded(const absl::Status& status) = 0;
  };

  // `context` and `dumpcap` are not owned and outlive this. Destroy this after
  // the loop has ended.
  InterfaceWatch(asio::io_context* context, Dumpcap* dumpcap)
      : context_(context),
        dumpcap_(dumpcap),
        start_timer_(*context),
        snapshot_timer_(*context) {}
  ~InterfaceWatch();
  InterfaceWatch(const InterfaceWatch&) = delete;
  InterfaceWatch& operator=(const InterfaceWatch&) = delete;

  // Adds a watcher until it is removed or told of the end. If there is a
  // snapshot already, the watcher receives the latest one before this returns.
  //
  // Errors that OnWatchEnded receives: SERVER_STOPPING; those of Dumpcap::Query
  // if dumpcap can't run; FILE_SYSTEM_ERROR.
  void Add(Watcher* watcher);

  // Removes a watcher, if it is one.
  void Remove(Watcher* watcher);

  // Stops all watchers and rejects new ones.
  void Stop();

 private:
  using Clock = std::chrono::steady_clock;
  // The interfaces that are up: names and indexes.
  using UpInterfaces = std::map<std::string, int>;

  static UpInterfaces UpInterfacesOf(const KernelInterfaces& kernel);

  void Begin();
  void End();
  void Fail(const absl::Status& status);

  // Control the runs of dumpcap.
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

  // Null while dumpcap isn't running.
  std::shared_ptr<StatisticsRun> run_;
  Timer start_timer_;
  Clock::time_point started_;
  // When the run began or last counted.
  Clock::time_point last_sign_;
  // The interfaces that were up when the run began; dumpcap ignores those that
  // come up later.
  UpInterfaces up_at_start_;

  // Present while anyone watches.
  std::optional<InterfaceSnapshots> snapshots_;
  bool counted_ = false;
  Timer snapshot_timer_;
  std::shared_ptr<const InterfaceSnapshot> latest_;
  Clock::time_point latest_time_;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_WATCH_H_
