// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_FLEET_STATE_H_
#define SERVER_FLEET_FLEET_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/fleet/node_counts.h"
#include "server/fleet/reading_record.h"
#include "server/metrics/use.h"

namespace dissectd::server {

// The connection to a node.
enum class NodeConnection { kIdle, kConnecting, kConnected, kFailing };

// What metrics tell about a fleet at one moment.
struct FleetState {
  struct Node {
    std::string name;
    NodeConnection connection = NodeConnection::kIdle;
    NodeCounts counts;
  };

  // All nodes that the fleet has now.
  std::vector<Node> nodes;
  // How it goes to read their list.
  ReadingRecord::State node_list;

  // The bytes that merged streams keep, and how many they may keep.
  metrics::Use stream_buffers;

  metrics::Use calls;
  metrics::Use connections;
  // In seconds since 1970; absent without TLS.
  std::optional<int64_t> certificate_expiry;
};

}  // namespace dissectd::server

#endif  // SERVER_FLEET_FLEET_STATE_H_
