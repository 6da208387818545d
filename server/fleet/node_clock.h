// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_NODE_CLOCK_H_
#define SERVER_FLEET_NODE_CLOCK_H_

#include <memory>
#include <optional>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dissectd/v1/server.pb.h"
#include "google/protobuf/duration.pb.h"
#include "server/fleet/node.h"
#include "server/fleet/node_call.h"

namespace dissectd::server {

// A node, and its clock as seen from here.
struct NodeFacts {
  v1::GetServerInfoResponse info;
  // By how much its clock is ahead, and by how much this may be wrong. Absent
  // if the node's version tells no time.
  struct Clock {
    absl::Duration offset;
    absl::Duration error;
  };
  std::optional<Clock> clock;
};

// Asks a node for its version and its time, which it notes. `done` is called
// once on the loop's thread.
std::shared_ptr<NodeCall> AskForFacts(
    const NodeCallDeps& deps, const std::shared_ptr<Node>& node,
    const CallInfo& caller,
    absl::AnyInvocable<void(absl::StatusOr<NodeFacts>)> done);

google::protobuf::Duration ToProto(absl::Duration duration);

}  // namespace dissectd::server

#endif  // SERVER_FLEET_NODE_CLOCK_H_
