// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_COUNTS_H_
#define SERVER_FLEET_NODE_COUNTS_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/metrics/failure_labels.h"

namespace dissectd::server {

// What the fleet has counted of a node since it knows it. Thread-compatible.
struct NodeCounts {
  // Calls to the node, which are also streams.
  uint64_t calls_started = 0;
  uint64_t calls_ended = 0;
  // Calls that failed, by metrics::FailureLabelOf. Those that the fleet itself
  // gave up haven't.
  std::map<std::string, uint64_t> failures;

  // Frames that the node has sent for merged streams; those that came after a
  // later one of another node; and those that it has deleted before they were
  // read.
  uint64_t frames = 0;
  uint64_t late_frames = 0;
  uint64_t lost_frames = 0;
  // How often clients were told that a stream has broken off, and will go on.
  uint64_t stream_breaks = 0;

  // The node's clock when it was last measured.
  struct Clock {
    // By how much it was ahead, and by how much this may be wrong.
    absl::Duration offset;
    absl::Duration error;
    absl::Time measured;
  };
  std::optional<Clock> clock;

  void CountFailure(const absl::Status& error) {
    ++failures[metrics::FailureLabelOf(error)];
  }
  void CountCallEnd(const absl::Status& status) {
    ++calls_ended;
    if (!status.ok()) CountFailure(status);
  }
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_COUNTS_H_
