// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_INTERFACE_SNAPSHOT_H_
#define SERVER_INTERFACE_INTERFACE_SNAPSHOT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dissectd/v1/capture.pb.h"
#include "server/interface/captured_packets.h"
#include "server/interface/interface_changes.h"
#include "server/interface/kernel_interfaces.h"

namespace dissectd::server {

// The counters of all interfaces at one time, and what has changed since the
// previous snapshot.
using InterfaceSnapshot = v1::WatchInterfaceStatisticsResponse;

// Makes a series of snapshots. Thread-compatible.
class InterfaceSnapshots {
 public:
  // The counts of dumpcap; see CapturedPackets.
  CapturedPackets& captured() { return captured_; }

  // Returns the next snapshot. The first one has no changes.
  InterfaceSnapshot Next(const KernelInterfaces& kernel, absl::Time time);

 private:
  // The properties whose changes are reported.
  struct State {
    // As in KernelInterface; 0 for an interface that the kernel doesn't list.
    int index = 0;
    bool up = false;
  };
  using States = std::map<std::string, State>;

  void ForgetRemoved(const KernelInterfaces& kernel);
  static void AddChanges(const States& before, const States& now,
                         InterfaceSnapshot* snapshot);

  CapturedPackets captured_;
  bool begun_ = false;
  // The interfaces of the previous snapshot.
  States states_;
};

// Holds the next snapshot for a watcher that may be slower than snapshots come.
// The changes of skipped snapshots are kept. Thread-compatible.
class PendingSnapshot {
 public:
  // Replaces the pending snapshot. The first one loses its changes, as the
  // watcher has seen no snapshot before it.
  void Offer(std::shared_ptr<const InterfaceSnapshot> snapshot);

  bool empty() const { return snapshot_ == nullptr; }

  // Returns the pending snapshot, which must exist, with all changes since the
  // one that was taken before.
  InterfaceSnapshot Take();

 private:
  std::shared_ptr<const InterfaceSnapshot> snapshot_;
  InterfaceChanges changes_;
  bool begun_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_SNAPSHOT_H_
