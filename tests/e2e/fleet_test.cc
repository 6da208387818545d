// SPDX-License-Identifier: GPL-2.0-or-later

// Twenty daemons in network namespaces as one fleet: one is slow, one dies and
// comes back, and the clocks of two are an hour apart.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/fleet.grpc.pb.h"
#include "tests/e2e/capture_client.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/fleet_fixture.h"
#include "tests/e2e/network_namespace.h"

namespace dissectd {
namespace {

using testing::SizeIs;
using Stub = v1::FleetService::Stub;

constexpr size_t kNodes = 20;
constexpr size_t kAhead = 3;
constexpr size_t kBehind = 4;
constexpr size_t kSlow = 5;
constexpr size_t kDying = 7;
constexpr int64_t kHour = 3600;
constexpr double kNanosInSecond = 1e9;
// What a call to a node may take on a busy machine.
constexpr double kClockTolerance = 5;

int64_t ClockShift(size_t index) {
  return index == kAhead ? kHour : index == kBehind ? -kHour : 0;
}

class FleetTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!EnterPrivateNetwork()) {
      GTEST_SKIP() << "the kernel allows no network namespace of our own";
    }
    std::string lines;
    for (size_t i = 0; i < kNodes; ++i) {
      nodes_.push_back(
          std::make_unique<FleetNode>(absl::StrCat("n", i), ClockShift(i)));
      lines += FleetProcess::LineOf(*nodes_.back());
    }
    fleet_ = std::make_unique<FleetProcess>();
    fleet_->SetNodes(lines);
  }

  // Each node sends packets, in turns.
  void SendRounds(int rounds) {
    for (int round = 0; round < rounds; ++round) {
      for (const auto& node : nodes_) node->Send(3);
    }
  }

  std::vector<FleetNode*> AllBut(size_t index) const {
    std::vector<FleetNode*> nodes;
    for (const auto& node : nodes_) {
      if (node != nodes_[index]) nodes.push_back(node.get());
    }
    return nodes;
  }
  std::vector<FleetNode*> Every() const {
    std::vector<FleetNode*> nodes;
    for (const auto& node : nodes_) nodes.push_back(node.get());
    return nodes;
  }

  void ExpectClocks() {
    const auto listed =
        CallFleet(*fleet_, &Stub::ListNodes, v1::ListNodesRequest());
    ASSERT_THAT(listed, SizeIs(kNodes));
    for (const v1::ListNodesResponse& response : listed) {
      const v1::Node& node = response.node();
      EXPECT_EQ(node.state(), v1::NODE_STATE_READY);
      EXPECT_NE(node.version(), "");
      const size_t index =
          std::stoul(node.name().substr(sizeof("nodes/n") - 1));
      EXPECT_NEAR(static_cast<double>(node.clock_offset().seconds()),
                  static_cast<double>(ClockShift(index)), kClockTolerance)
          << node.name();
    }
  }

  // Stops a daemon while the others go on, and lets it go on.
  void PauseOne(FleetDissection* dissection) {
    const pid_t pid = nodes_[kSlow]->daemon().pid();
    kill(pid, SIGSTOP);
    SendRounds(3);
    dissection->WaitForAllPackets(AllBut(kSlow));
    kill(pid, SIGCONT);
    dissection->WaitForAllPackets(Every());
  }

  // Kills a daemon, and starts it again when the client knows.
  void KillOne(FleetDissection* dissection) {
    FleetNode* node = nodes_[kDying].get();
    const std::string name = "nodes/" + node->name();
    kill(node->daemon().pid(), SIGKILL);
    node->daemon().Wait();
    dissection->WaitUntil("the news of the death", [&] {
      return dissection->CountEvents([&](const auto& event) {
        return event.node() == name && event.ended().retrying() &&
               event.ended().failure().reason() == "NODE_UNAVAILABLE";
      }) > 0;
    });
    for (FleetNode* other : AllBut(kDying)) other->Send(3);
    dissection->WaitForAllPackets(AllBut(kDying));
    node->daemon().Start();
    dissection->WaitUntil("another capture", [&] {
      const auto& events = dissection->events();
      const auto first =
          std::find_if(events.begin(), events.end(),
                       [&](const auto& event) { return event.node() == name; });
      return dissection->CountEvents([&](const auto& event) {
        return event.node() == name && event.has_started() &&
               event.started().capture() != first->started().capture();
      }) > 0;
    });
  }

  // Each frame that isn't marked is at or after all before it, by the fleet's
  // clock, and each that is marked isn't.
  static void ExpectOrder(const std::vector<FleetDissection::Frame>& frames) {
    int64_t latest = INT64_MIN;
    for (const FleetDissection::Frame& frame : frames) {
      EXPECT_EQ(frame.late, frame.fleet_time < latest)
          << frame.node << ", packet " << frame.packet;
      latest = std::max(latest, frame.fleet_time);
    }
  }

  // Returns the numbers of packets of each node's capture, as its daemon counts
  // them.
  std::map<std::string, uint64_t> CapturedPackets() {
    std::map<std::string, uint64_t> packets;
    for (const v1::ListNodeCapturesResponse& response : CallFleet(
             *fleet_, &Stub::ListNodeCaptures, v1::ListNodeCapturesRequest())) {
      for (const v1::NodeCapture& capture : response.captures()) {
        packets[response.node()] = capture.capture().packets_written();
      }
    }
    return packets;
  }

  std::vector<std::unique_ptr<FleetNode>> nodes_;
  std::unique_ptr<FleetProcess> fleet_;
};

TEST_F(FleetTest, TwentyNodesAreOneStreamWhateverBecomesOfThem) {
  ExpectClocks();
  v1::DissectNodesRequest request = FleetDissection::NewRequest();
  *request.mutable_options() = CaptureOf("lo");
  request.mutable_view()->set_display_filter("udp.dstport == 9999");
  request.set_adjust_clocks(true);
  FleetDissection dissection(*fleet_, request);
  dissection.WaitForHeaders(kNodes);

  SendRounds(5);
  dissection.WaitForAllPackets(Every());
  const size_t before_faults = dissection.frames().size();
  PauseOne(&dissection);
  const std::map<std::string, uint64_t> captured = CapturedPackets();
  KillOne(&dissection);
  SendRounds(3);
  dissection.WaitForAllPackets(Every());
  dissection.Cancel();
  EXPECT_EQ(dissection.Finish().error_code(), grpc::StatusCode::CANCELLED);

  for (const auto& node : nodes_) {
    EXPECT_EQ(dissection.PacketsOf(node->name()), Range(1, node->sent()))
        << node->name();
    EXPECT_EQ(captured.at("nodes/" + node->name()), 5u * 3 + 3 * 3);
  }
  const std::vector<FleetDissection::Frame>& frames = dissection.frames();
  ExpectOrder(frames);
  // Time stamps are as the nodes tell them.
  for (const FleetDissection::Frame& frame : frames) {
    const size_t index = std::stoul(frame.node.substr(sizeof("nodes/n") - 1));
    EXPECT_NEAR(
        static_cast<double>(frame.time - frame.fleet_time) / kNanosInSecond,
        static_cast<double>(ClockShift(index)), kClockTolerance);
  }
  size_t late = 0;
  for (size_t i = before_faults; i < frames.size(); ++i) {
    if (frames[i].late) ++late;
  }
  // Frames of the node that was stopped while the others went on are late.
  EXPECT_GE(late, 1u);

  WaitFor("the removal of captures", [&] { return CapturedPackets().empty(); });
}

}  // namespace
}  // namespace dissectd
