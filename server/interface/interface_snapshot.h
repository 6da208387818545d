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

// The counters of all interfaces at one time, with what has changed since the
// snapshot before.
using InterfaceSnapshot = v1::WatchInterfaceStatisticsResponse;

// Makes a series of snapshots. Thread-compatible.
class InterfaceSnapshots {
 public:
  // What dumpcap counts; see there.
  CapturedPackets& captured() { return captured_; }

  // Returns the next snapshot. The first one has no changes.
  InterfaceSnapshot Next(const KernelInterfaces& kernel, absl::Time time);

 private:
  // What changes are seen by.
  struct State {
    // Of KernelInterface; 0 for what the kernel doesn't name.
    int index = 0;
    bool up = false;
  };
  using States = std::map<std::string, State>;

  void ForgetRemoved(const KernelInterfaces& kernel);
  static void AddChanges(const States& before, const States& now,
                         InterfaceSnapshot* snapshot);

  CapturedPackets captured_;
  bool begun_ = false;
  // In the snapshot before.
  States states_;
};

// The snapshot that is to be sent next to someone who takes them slower than
// they come. Those that are skipped leave their changes. Thread-compatible.
class PendingSnapshot {
 public:
  // Takes the place of what is pending. The first one counts without its
  // changes: there was none before.
  void Offer(std::shared_ptr<const InterfaceSnapshot> snapshot);

  bool empty() const { return snapshot_ == nullptr; }

  // Returns it, with all changes since the one that was taken before. It must
  // not be empty.
  InterfaceSnapshot Take();

 private:
  std::shared_ptr<const InterfaceSnapshot> snapshot_;
  InterfaceChanges changes_;
  bool begun_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_INTERFACE_SNAPSHOT_H_
