// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_INTERFACE_CAPTURED_PACKETS_H_
#define SERVER_INTERFACE_CAPTURED_PACKETS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Turns the counts of `dumpcap -S`, which wrap at 2^32 and begin at 0 with each
// run of dumpcap, into counts by interface that only grow. Thread-compatible.
class CapturedPackets {
 public:
  // Notes that dumpcap was started and counts from 0. Get returns the counts of
  // the previous run until this one has counted something.
  void BeginRun() { ++run_; }

  // Takes the current count of an interface from dumpcap.
  void Set(absl::string_view name, uint32_t packets);

  // Notes that an interface has gone. Further counts under its name belong to a
  // new one.
  void Forget(const std::string& name) { counts_.erase(name); }

  // Returns the number of packets since the first run; absent for an interface
  // that dumpcap doesn't count now.
  std::optional<uint64_t> Get(const std::string& name) const;

  // Returns the names of the interfaces that dumpcap counts now.
  std::set<std::string> Names() const;

 private:
  struct Count {
    uint64_t total = 0;
    // The last count from dumpcap.
    uint32_t raw = 0;
    // The number of the run that it is from.
    uint64_t run = 0;
  };

  std::map<std::string, Count> counts_;
  uint64_t run_ = 0;
  // The last run that has counted something.
  uint64_t shown_run_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_CAPTURED_PACKETS_H_
