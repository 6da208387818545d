// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/fleet_collector.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/metrics/event_families.h"
#include "server/metrics/server_families.h"
#include "server/version.h"

namespace dissectd::server {
namespace {

using metrics::Double;
using metrics::Families;
using metrics::FamilyBuilder;
using metrics::MetricType;

constexpr struct {
  NodeConnection connection;
  const char* name;
} kConnections[] = {
    {NodeConnection::kIdle, "idle"},
    {NodeConnection::kConnecting, "connecting"},
    {NodeConnection::kConnected, "connected"},
    {NodeConnection::kFailing, "failing"},
};

double Seconds(absl::Time time) {
  return absl::ToDoubleSeconds(time - absl::UnixEpoch());
}

void AddNodeStates(const std::vector<FleetState::Node>& nodes,
                   Families* families) {
  FamilyBuilder builder(families, "dissectd_fleet_nodes",
                        "Nodes of the fleet, by the state of the connection.",
                        MetricType::Gauge);
  for (const auto& [connection, name] : kConnections) {
    const auto count = std::count_if(nodes.begin(), nodes.end(),
                                     [wanted = connection](const auto& node) {
                                       return node.connection == wanted;
                                     });
    builder.Add(static_cast<double>(count), {{"state", name}});
  }
}

void AddNodeList(const ReadingRecord::State& list, Families* families) {
  metrics::AddGauge(families, "dissectd_fleet_node_list_last_read_successful",
                    "1 if the list of nodes could be read at the last attempt.",
                    list.succeeded ? 1 : 0);
  if (list.last_success.has_value()) {
    metrics::AddGauge(
        families,
        "dissectd_fleet_node_list_last_read_success_timestamp_seconds",
        "When the list of nodes was last read.", Seconds(*list.last_success));
  }
  FamilyBuilder(families, "dissectd_fleet_node_list_read_failures_total",
                "Failed attempts to read the list of nodes.",
                MetricType::Counter)
      .Add(Double(list.failures));
}

// A family with at most one value for each node.
struct NodeFamily {
  const char* name;
  const char* help;
  MetricType type;
  std::optional<double> (*value)(const FleetState::Node& node);
};

const NodeFamily kNodeFamilies[] = {
    {"dissectd_fleet_node_connected",
     "1 while the fleet has a connection to the node.", MetricType::Gauge,
     [](const FleetState::Node& node) -> std::optional<double> {
       return node.connection == NodeConnection::kConnected ? 1 : 0;
     }},
    {"dissectd_fleet_node_clock_offset_seconds",
     "By how much the node's clock was ahead when it was last measured.",
     MetricType::Gauge,
     [](const FleetState::Node& node) -> std::optional<double> {
       if (!node.counts.clock.has_value()) return std::nullopt;
       return absl::ToDoubleSeconds(node.counts.clock->offset);
     }},
    {"dissectd_fleet_node_clock_offset_error_seconds",
     "By how much this may be wrong.", MetricType::Gauge,
     [](const FleetState::Node& node) -> std::optional<double> {
       if (!node.counts.clock.has_value()) return std::nullopt;
       return absl::ToDoubleSeconds(node.counts.clock->error);
     }},
    {"dissectd_fleet_node_clock_measured_timestamp_seconds",
     "When the node's clock was last measured.", MetricType::Gauge,
     [](const FleetState::Node& node) -> std::optional<double> {
       if (!node.counts.clock.has_value()) return std::nullopt;
       return Seconds(node.counts.clock->measured);
     }},
    {"dissectd_fleet_node_calls_running", "Calls to the node that run.",
     MetricType::Gauge,
     [](const FleetState::Node& node) -> std::optional<double> {
       return Double(node.counts.calls_started - node.counts.calls_ended);
     }},
    {"dissectd_fleet_node_calls_total", "Calls to the node that ended.",
     MetricType::Counter,
     [](const FleetState::Node& node) -> std::optional<double> {
       return Double(node.counts.calls_ended);
     }},
    {"dissectd_fleet_node_stream_breaks_total",
     "Times that a merged stream of the node broke off, to go on later.",
     MetricType::Counter,
     [](const FleetState::Node& node) -> std::optional<double> {
       return Double(node.counts.stream_breaks);
     }},
    {"dissectd_fleet_node_frames_total",
     "Frames that the node has sent for merged streams.", MetricType::Counter,
     [](const FleetState::Node& node) -> std::optional<double> {
       return Double(node.counts.frames);
     }},
    {"dissectd_fleet_node_late_frames_total",
     "Of these frames, those that were sent to clients as late.",
     MetricType::Counter,
     [](const FleetState::Node& node) -> std::optional<double> {
       return Double(node.counts.late_frames);
     }},
    {"dissectd_fleet_node_lost_frames_total",
     "Frames that the node had deleted before they were read.",
     MetricType::Counter,
     [](const FleetState::Node& node) -> std::optional<double> {
       return Double(node.counts.lost_frames);
     }},
};

void AddNodes(const std::vector<FleetState::Node>& nodes, Families* families) {
  for (const NodeFamily& family : kNodeFamilies) {
    FamilyBuilder builder(families, family.name, family.help, family.type);
    for (const FleetState::Node& node : nodes) {
      const std::optional<double> value = family.value(node);
      if (value.has_value()) builder.Add(*value, {{"node", node.name}});
    }
  }
  FamilyBuilder failures(families, "dissectd_fleet_node_call_failures_total",
                         "Calls to the node that failed, by the reason.",
                         MetricType::Counter);
  for (const FleetState::Node& node : nodes) {
    for (const auto& [reason, count] : node.counts.failures) {
      failures.Add(Double(count), {{"node", node.name}, {"reason", reason}});
    }
  }
}

void AddState(const FleetState& state, Families* families) {
  AddNodeStates(state.nodes, families);
  AddNodeList(state.node_list, families);
  AddNodes(state.nodes, families);
  metrics::AddGauge(
      families, "dissectd_fleet_stream_buffers_used_bytes",
      "Memory for frames of merged streams that wait for their turn.",
      Double(state.stream_buffers.used));
  metrics::AddGauge(
      families, "dissectd_fleet_stream_buffers_limit_bytes",
      "The limit of this memory for the streams that there are now.",
      Double(state.stream_buffers.limit));
  metrics::AddUses({{"calls", state.calls}, {"connections", state.connections}},
                   families);
  metrics::AddCertificateExpiry(state.certificate_expiry, families);
}

}  // namespace

void FleetCollector::Collect(Families* families) const {
  FamilyBuilder(families, "dissectd_fleet_build_info",
                "Always 1; the label tells the version.", MetricType::Gauge)
      .Add(1, {{"version", std::string(kVersion)}});
  if (const std::optional<FleetState> state = source_.Ask()) {
    AddState(*state, families);
  }
  // The last ones, as they tell whether the state is missing.
  metrics::AddEvents(
      {metrics::SuppressedLinesFamily({}), metrics::DegradedFamily({})},
      families);
}

}  // namespace dissectd::server
