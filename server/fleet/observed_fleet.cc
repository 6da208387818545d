// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/observed_fleet.h"

#include <grpcpp/channel.h>

#include <memory>
#include <optional>

#include "absl/time/time.h"

namespace dissectd::server {
namespace {

NodeConnection ConnectionOf(const Node& node) {
  constexpr bool kConnectIfIdle = true;
  switch (node.channel()->GetState(kConnectIfIdle)) {
    case GRPC_CHANNEL_IDLE:
      return NodeConnection::kIdle;
    case GRPC_CHANNEL_CONNECTING:
      return NodeConnection::kConnecting;
    case GRPC_CHANNEL_READY:
      return NodeConnection::kConnected;
    case GRPC_CHANNEL_TRANSIENT_FAILURE:
    case GRPC_CHANNEL_SHUTDOWN:
      break;
  }
  return NodeConnection::kFailing;
}

}  // namespace

void DescribeLoop(const ObservedFleet& fleet, FleetState* state) {
  for (const std::shared_ptr<Node>& node : fleet.nodes->All()) {
    state->nodes.push_back(
        {node->address().name, ConnectionOf(*node), *node->counts()});
  }
  for (const FrameMerger* merger : *fleet.mergers) {
    state->stream_buffers.used += merger->bytes();
    state->stream_buffers.limit +=
        merger->CountStreams() * fleet.config->stream_buffer_bytes;
  }
}

void DescribeOthers(const ObservedFleet& fleet, FleetState* state) {
  state->node_list = fleet.watch->state();
  state->calls = {fleet.admission->running_calls(), fleet.config->max_calls};
  state->connections = {fleet.transport->CountConnections(),
                        fleet.transport->max_connections()};
  const std::optional<absl::Time> expiry = fleet.transport->CertificateExpiry();
  if (expiry.has_value()) {
    state->certificate_expiry = absl::ToUnixSeconds(*expiry);
  }
}

}  // namespace dissectd::server
