// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/fleet/fleet_collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "server/base/errors.h"
#include "server/base/io_loop.h"
#include "server/base/steady_event.h"
#include "server/metrics/metrics.h"

namespace dissectd::server {
namespace {

using testing::HasSubstr;
using testing::Not;

class FleetCollectorTest : public testing::Test {
 protected:
  // Returns what Prometheus reads of a fleet in this state.
  std::string TextOf(const FleetState& on_loop,
                     const FleetState& elsewhere = {}) {
    metrics::StateSource<FleetState> source;
    source.loop = &loop_;
    source.describe_on_loop = [this, on_loop](FleetState* state) {
      loop_.AssertOnLoop();
      *state = on_loop;
    };
    source.describe = [elsewhere](FleetState* state) {
      state->node_list = elsewhere.node_list;
      state->calls = elsewhere.calls;
    };
    metrics_.SetCollector(std::make_unique<FleetCollector>(std::move(source)));
    return metrics_.Text();
  }

  IoLoop loop_;
  metrics::Metrics metrics_;
};

FleetState::Node NewNode(const std::string& name, NodeConnection connection) {
  FleetState::Node node;
  node.name = name;
  node.connection = connection;
  return node;
}

TEST_F(FleetCollectorTest, EachStateOfConnectionsHasItsNumberOfNodes) {
  FleetState state;
  state.nodes = {NewNode("a", NodeConnection::kConnected),
                 NewNode("b", NodeConnection::kFailing),
                 NewNode("c", NodeConnection::kConnected)};
  const std::string text = TextOf(state);
  for (const char* line : {"\ndissectd_fleet_nodes{state=\"idle\"} 0\n",
                           "\ndissectd_fleet_nodes{state=\"connecting\"} 0\n",
                           "\ndissectd_fleet_nodes{state=\"connected\"} 2\n",
                           "\ndissectd_fleet_nodes{state=\"failing\"} 1\n",
                           "\ndissectd_fleet_node_connected{node=\"a\"} 1\n",
                           "\ndissectd_fleet_node_connected{node=\"b\"} 0\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
}

TEST_F(FleetCollectorTest, ANodeHasItsCounts) {
  FleetState state;
  state.nodes = {NewNode("a", NodeConnection::kConnected)};
  NodeCounts& counts = state.nodes[0].counts;
  counts.calls_started = 5;
  counts.CountCallEnd(absl::OkStatus());
  counts.CountCallEnd(errors::SourceMissing());
  // Its reason isn't one that docs/errors.md has.
  counts.CountCallEnd(absl::UnknownError("a node of another project"));
  counts.frames = 7;
  counts.late_frames = 2;
  counts.lost_frames = 3;
  counts.stream_breaks = 1;
  const std::string text = TextOf(state);
  for (const char* line :
       {"\ndissectd_fleet_node_calls_running{node=\"a\"} 2\n",
        "\ndissectd_fleet_node_calls_total{node=\"a\"} 3\n",
        "\ndissectd_fleet_node_frames_total{node=\"a\"} 7\n",
        "\ndissectd_fleet_node_late_frames_total{node=\"a\"} 2\n",
        "\ndissectd_fleet_node_lost_frames_total{node=\"a\"} 3\n",
        "\ndissectd_fleet_node_stream_breaks_total{node=\"a\"} 1\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text,
              HasSubstr("\ndissectd_fleet_node_call_failures_total{node=\"a\","
                        "reason=\"SOURCE_MISSING\"} 1\n"));
}

TEST_F(FleetCollectorTest, OnlyAClockThatWasMeasuredIsTold) {
  FleetState state;
  state.nodes = {NewNode("a", NodeConnection::kConnected),
                 NewNode("b", NodeConnection::kConnected)};
  state.nodes[1].counts.clock = {absl::Milliseconds(-1500),
                                 absl::Milliseconds(2),
                                 absl::FromUnixSeconds(1'900'000'000)};
  const std::string text = TextOf(state);
  for (const char* line :
       {"\ndissectd_fleet_node_clock_offset_seconds{node=\"b\"} -1.5\n",
        "\ndissectd_fleet_node_clock_offset_error_seconds{node=\"b\"} 0.002\n",
        "\ndissectd_fleet_node_clock_measured_timestamp_seconds{node=\"b\"} "
        "1900000000\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  EXPECT_THAT(text, Not(HasSubstr("clock_offset_seconds{node=\"a\"}")));
}

TEST_F(FleetCollectorTest, AListThatWasNeverReadHasNoTime) {
  FleetState elsewhere;
  elsewhere.node_list.failures = 4;
  const std::string failed = TextOf({}, elsewhere);
  EXPECT_THAT(failed,
              HasSubstr("\ndissectd_fleet_node_list_last_read_successful 0\n"));
  EXPECT_THAT(failed,
              HasSubstr("\ndissectd_fleet_node_list_read_failures_total 4\n"));
  EXPECT_THAT(failed, Not(HasSubstr("last_read_success_timestamp_seconds")));
  elsewhere.node_list.succeeded = true;
  elsewhere.node_list.last_success = absl::FromUnixSeconds(1'900'000'000);
  const std::string read = TextOf({}, elsewhere);
  EXPECT_THAT(read,
              HasSubstr("\ndissectd_fleet_node_list_last_read_successful 1\n"));
  EXPECT_THAT(read, HasSubstr("_read_success_timestamp_seconds 1900000000\n"));
}

TEST_F(FleetCollectorTest, TheRestIsToldAsByADaemon) {
  FleetState elsewhere;
  elsewhere.calls = {3, 1000};
  FleetState state;
  state.stream_buffers = {512, 2048};
  const std::string text = TextOf(state, elsewhere);
  for (const char* line :
       {"\ndissectd_resources_used{resource=\"calls\"} 3\n",
        "\ndissectd_resources_limit{resource=\"calls\"} 1000\n",
        "\ndissectd_fleet_stream_buffers_used_bytes 512\n",
        "\ndissectd_fleet_stream_buffers_limit_bytes 2048\n",
        "\ndissectd_degraded_total{path=\"watched_file_unusable\"} 0\n"}) {
    EXPECT_THAT(text, HasSubstr(line));
  }
  // It has no engine.
  EXPECT_THAT(text, Not(HasSubstr("dissectd_engine_ready")));
  EXPECT_THAT(text, Not(HasSubstr("store_gone")));
}

TEST_F(FleetCollectorTest, ALoopThatDoesNotAnswerLeavesOnlyTheStateOut) {
  SteadyEvent free;
  loop_.Post([&free] { free.AwaitFor(std::chrono::minutes(5)); });
  const std::string text = TextOf({});
  free.Notify();
  EXPECT_THAT(text, Not(HasSubstr("dissectd_fleet_nodes")));
  EXPECT_THAT(text, HasSubstr("\ndissectd_fleet_build_info{"));
  EXPECT_THAT(
      text,
      HasSubstr("\ndissectd_degraded_total{path=\"scrape_incomplete\"} 1\n"));
}

}  // namespace
}  // namespace dissectd::server
