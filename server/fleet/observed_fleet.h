// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_FLEET_OBSERVED_FLEET_H_
#define SERVER_FLEET_OBSERVED_FLEET_H_

#include <set>

#include "server/fleet/fleet_config.h"
#include "server/fleet/fleet_state.h"
#include "server/fleet/frame_merger.h"
#include "server/fleet/node_watch.h"
#include "server/fleet/nodes.h"
#include "server/rpc/admission.h"
#include "server/transport/transport.h"

namespace dissectd::server {

// The parts of the fleet that metrics tell about. Not owned.
struct ObservedFleet {
  const FleetConfig* config;
  const Nodes* nodes;
  // The mergers of all calls that run.
  const std::set<const FrameMerger*>* mergers;
  const NodeWatch* watch;
  Transport* transport;
  Admission* admission;
};

// Fills in the state of what belongs to the loop. Called on its thread. Also
// begins to connect to nodes that have no connection, so that the next state
// tells whether a node that nobody calls can be reached.
void DescribeLoop(const ObservedFleet& fleet, FleetState* state);

// Fills in the rest. Called on any thread.
void DescribeOthers(const ObservedFleet& fleet, FleetState* state);

}  // namespace dissectd::server

#endif  // SERVER_FLEET_OBSERVED_FLEET_H_
