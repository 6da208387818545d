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

// The counts of `dumpcap -S` by interface, which wrap at 2^32 and begin at 0
// with each run of dumpcap, as counts that only grow. Thread-compatible.
class CapturedPackets {
 public:
  // dumpcap was started, and counts from 0. What the run before has counted
  // remains what Get returns until this one has counted something.
  void BeginRun() { ++run_; }

  // The count of an interface, as dumpcap says now.
  void Set(absl::string_view name, uint32_t packets);

  // An interface is no more. If dumpcap goes on counting, it is a new one.
  void Forget(const std::string& name) { counts_.erase(name); }

  // Returns the packets since the first run; nothing for what dumpcap doesn't
  // count now.
  std::optional<uint64_t> Get(const std::string& name) const;

  // Returns the names of what dumpcap counts now.
  std::set<std::string> Names() const;

 private:
  struct Count {
    uint64_t total = 0;
    // As dumpcap said last.
    uint32_t raw = 0;
    // In which dumpcap said so.
    uint64_t run = 0;
  };

  std::map<std::string, Count> counts_;
  uint64_t run_ = 0;
  // The last one that has counted something.
  uint64_t shown_run_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_INTERFACE_CAPTURED_PACKETS_H_
