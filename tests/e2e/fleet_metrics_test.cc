// SPDX-License-Identifier: GPL-2.0-or-later

// What Prometheus reads of a fleet of real daemons, of which one is stopped for
// a while, one dies and comes back, and one has a wrong clock.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/fleet.grpc.pb.h"
#include "tests/e2e/capture_client.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/fleet_fixture.h"
#include "tests/e2e/metrics_client.h"
#include "tests/e2e/network_namespace.h"

namespace dissectd {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr uint16_t kPort = 9464;
constexpr int64_t kHour = 3600;
constexpr size_t kNodes = 3;
// What a call to a node may take on a busy machine, in seconds.
constexpr double kClockTolerance = 5;
constexpr double kStreamBufferBytes = 1 << 20;
constexpr char kDissectNodes[] =
    "dissectd_calls_running{method=\"dissectd.v1.FleetService/DissectNodes\","
    "type=\"server_stream\"}";

class FleetMetricsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!EnterPrivateNetwork()) {
      GTEST_SKIP() << "the kernel allows no network namespace of our own";
    }
    for (const char* name : {"ahead", "slow", "dying"}) {
      const int64_t shift = name == std::string("ahead") ? kHour : 0;
      nodes_.push_back(std::make_unique<FleetNode>(name, shift));
    }
    fleet_.emplace(std::vector<std::string>{
        absl::StrCat("--metrics-listen=127.0.0.1:", kPort)});
    fleet_->SetNodes(Lines(kNodes));
  }

  // Returns the list of the first nodes.
  std::string Lines(size_t count) {
    std::string lines;
    for (size_t i = 0; i < count; ++i) {
      lines += FleetProcess::LineOf(*nodes_[i]);
    }
    return lines;
  }
  FleetNode* ahead() { return nodes_[0].get(); }
  FleetNode* slow() { return nodes_[1].get(); }
  FleetNode* dying() { return nodes_[2].get(); }
  std::vector<FleetNode*> Every() { return {ahead(), slow(), dying()}; }

  // Returns the name of a metric of a node.
  static std::string Of(const FleetNode* node, const char* metric) {
    return absl::StrCat("dissectd_fleet_node_", metric, "{node=\"",
                        node->name(), "\"}");
  }
  static std::string FailuresOf(const FleetNode* node, const char* reason) {
    return absl::StrCat("dissectd_fleet_node_call_failures_total{node=\"",
                        node->name(), "\",reason=\"", reason, "\"}");
  }
  static std::string Nodes(const char* state) {
    return absl::StrCat("dissectd_fleet_nodes{state=\"", state, "\"}");
  }

  double Value(const std::string& metric) const {
    const std::optional<double> value = metrics_.Read(metric);
    EXPECT_TRUE(value.has_value()) << metric;
    return value.value_or(-1);
  }
  void WaitForValue(const std::string& metric, double value) const {
    WaitFor(metric.c_str(), [&] { return metrics_.Read(metric) == value; });
  }
  void WaitForAtLeast(const std::string& metric, double value) const {
    WaitFor(metric.c_str(),
            [&] { return metrics_.Read(metric).value_or(-1) >= value; });
  }

  // Makes the frames of a node come after later ones of the others.
  void StopForAWhile(FleetNode* node, FleetDissection* dissection) {
    kill(node->daemon().pid(), SIGSTOP);
    node->Send(2);
    std::vector<FleetNode*> others = Every();
    others.erase(std::find(others.begin(), others.end(), node));
    for (FleetNode* other : others) other->Send(2);
    dissection->WaitForAllPackets(others);
    kill(node->daemon().pid(), SIGCONT);
    dissection->WaitForAllPackets(Every());
  }

  std::vector<std::unique_ptr<FleetNode>> nodes_;
  std::optional<FleetProcess> fleet_;
  const MetricsClient metrics_{kPort};
};

TEST_F(FleetMetricsTest, TellWhatBecomesOfNodesAndTheirStreams) {
  WaitForValue(Nodes("connected"), kNodes);
  EXPECT_NEAR(Value(Of(ahead(), "clock_offset_seconds")), kHour,
              kClockTolerance);
  EXPECT_NEAR(Value(Of(slow(), "clock_offset_seconds")), 0, kClockTolerance);
  EXPECT_EQ(Value("dissectd_fleet_stream_buffers_limit_bytes"), 0);

  v1::DissectNodesRequest request = FleetDissection::NewRequest();
  *request.mutable_options() = CaptureOf("lo");
  request.mutable_view()->set_display_filter("udp.dstport == 9999");
  request.set_adjust_clocks(true);
  FleetDissection dissection(*fleet_, request);
  dissection.WaitForHeaders(kNodes);
  EXPECT_EQ(Value(kDissectNodes), 1);
  EXPECT_EQ(Value("dissectd_fleet_stream_buffers_limit_bytes"),
            kNodes * kStreamBufferBytes);
  for (FleetNode* node : Every()) {
    node->Send(3);
    EXPECT_EQ(Value(Of(node, "calls_running")), 1) << node->name();
  }
  dissection.WaitForAllPackets(Every());
  StopForAWhile(slow(), &dissection);

  kill(dying()->daemon().pid(), SIGKILL);
  dying()->daemon().Wait();
  WaitForAtLeast(Of(dying(), "stream_breaks_total"), 1);
  WaitForAtLeast(FailuresOf(dying(), "NODE_UNAVAILABLE"), 1);
  WaitForValue(Nodes("failing"), 1);
  EXPECT_EQ(Value(Of(dying(), "connected")), 0);
  EXPECT_EQ(Value(Of(slow(), "connected")), 1);
  EXPECT_EQ(Value(Of(slow(), "stream_breaks_total")), 0);
  dying()->daemon().Start();
  WaitForValue(Nodes("connected"), kNodes);

  dissection.Cancel();
  dissection.Finish();
  for (const FleetNode* node : Every()) {
    EXPECT_EQ(Value(Of(node, "frames_total")), node->sent()) << node->name();
    const auto late = std::count_if(
        dissection.frames().begin(), dissection.frames().end(),
        [&](const FleetDissection::Frame& frame) {
          return frame.late && frame.node == "nodes/" + node->name();
        });
    EXPECT_EQ(Value(Of(node, "late_frames_total")), late) << node->name();
  }
  EXPECT_GE(Value(Of(slow(), "late_frames_total")), 1);
  WaitForValue(kDissectNodes, 0);
  WaitForValue("dissectd_fleet_stream_buffers_limit_bytes", 0);
  for (const FleetNode* node : Every()) {
    WaitForValue(Of(node, "calls_running"), 0);
  }
}

// So that there are no more labels than nodes.
TEST_F(FleetMetricsTest, ANodeThatLeavesTheListIsToldNoMore) {
  WaitForValue(Of(dying(), "connected"), 1);
  fleet_->SetNodes(Lines(kNodes - 1));
  EXPECT_THAT(metrics_.ReadAll(), Not(HasSubstr("node=\"dying\"")));
  EXPECT_THAT(metrics_.ReadAll(), HasSubstr("node=\"slow\""));
}

TEST_F(FleetMetricsTest, AListThatCannotBeReadIsTold) {
  constexpr char kSuccessful[] =
      "dissectd_fleet_node_list_last_read_successful";
  constexpr char kTime[] =
      "dissectd_fleet_node_list_last_read_success_timestamp_seconds";
  EXPECT_EQ(Value(kSuccessful), 1);
  EXPECT_EQ(Value("dissectd_fleet_node_list_read_failures_total"), 0);
  fleet_->WriteNodes("a line with too many words\n");
  WaitForValue(kSuccessful, 0);
  WaitForAtLeast("dissectd_fleet_node_list_read_failures_total", 1);
  const double last = Value(kTime);
  // The nodes stay.
  WaitForValue(Nodes("connected"), kNodes);
  fleet_->SetNodes(Lines(kNodes));
  WaitForValue(kSuccessful, 1);
  EXPECT_GT(Value(kTime), last);
}

}  // namespace
}  // namespace dissectd
