// SPDX-License-Identifier: GPL-2.0-or-later

// What a fleet answers when nodes are missing, refuse, or are too fast for the
// client.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/fleet.grpc.pb.h"
#include "tests/e2e/capture_client.h"
#include "tests/e2e/command.h"
#include "tests/e2e/fleet_fixture.h"
#include "tests/e2e/network_namespace.h"
#include "tests/e2e/policy_files.h"

namespace dissectd {
namespace {

using testing::HasSubstr;
using testing::SizeIs;
using Stub = v1::FleetService::Stub;

constexpr char kNoNode[] = "gone unix:/nonexistent/socket\n";

// Returns the reason of the error with which a call ends.
template <typename Request, typename Response>
std::string ReasonOf(const FleetProcess& fleet,
                     std::unique_ptr<grpc::ClientReader<Response>> (
                         Stub::*method)(grpc::ClientContext*, const Request&),
                     const Request& request) {
  grpc::ClientContext context;
  const auto reader = (fleet.stub().get()->*method)(&context, request);
  Response response;
  while (reader->Read(&response)) {
  }
  const std::string details = reader->Finish().error_details();
  v1::StatusDetails status;
  EXPECT_TRUE(status.ParseFromString(details));
  v1::ErrorInfo info;
  return status.details_size() > 0 &&
                 info.ParseFromString(status.details(0).value())
             ? info.reason()
             : "";
}

class FleetServiceTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!EnterPrivateNetwork()) {
      GTEST_SKIP() << "the kernel allows no network namespace of our own";
    }
  }

  // Starts a capture of packets to be sent on each node.
  std::vector<std::string> CreateCaptures() {
    v1::CreateNodeCapturesRequest request;
    request.add_nodes("nodes/-");
    *request.mutable_options() = CaptureOf("lo");
    // Enough for all packets, so that none is lost.
    request.mutable_options()->mutable_interfaces(0)->set_buffer_mib(64);
    std::vector<std::string> names;
    for (const auto& response :
         CallFleet(fleet_, &Stub::CreateNodeCaptures, request)) {
      if (response.has_capture()) names.push_back(response.capture().name());
    }
    return names;
  }

  // Returns the number of packets that the daemons have counted in them.
  uint64_t StopCaptures(const std::vector<std::string>& names) {
    v1::StopNodeCapturesRequest request;
    for (const std::string& name : names) request.add_captures(name);
    const auto stopped = CallFleet(fleet_, &Stub::StopNodeCaptures, request);
    EXPECT_THAT(stopped, SizeIs(names.size()));
    uint64_t packets = 0;
    for (const auto& response : stopped) {
      EXPECT_FALSE(response.has_failure()) << response.failure().message();
      packets += response.capture().capture().packets_written();
    }
    return packets;
  }

  // Waits until the captures that a call has made are deleted, with which its
  // end goes on.
  void WaitForNoCaptures() {
    WaitFor("the removal of captures", [this] {
      size_t captures = 0;
      for (const auto& response : CallFleet(fleet_, &Stub::ListNodeCaptures,
                                            v1::ListNodeCapturesRequest())) {
        captures += response.captures().size();
      }
      return captures == 0;
    });
  }

  FleetProcess fleet_;
};

TEST_F(FleetServiceTest, ANodeThatIsNotThereIsAPartOfTheAnswer) {
  FleetNode node("a");
  fleet_.SetNodes(FleetProcess::LineOf(node) + kNoNode);
  int ready = 0;
  for (const auto& response :
       CallFleet(fleet_, &Stub::ListNodes, v1::ListNodesRequest())) {
    if (response.node().name() == "nodes/a") {
      EXPECT_EQ(response.node().state(), v1::NODE_STATE_READY);
      ++ready;
      continue;
    }
    EXPECT_EQ(response.node().name(), "nodes/gone");
    EXPECT_EQ(response.node().address(), "unix:/nonexistent/socket");
    EXPECT_EQ(response.node().state(), v1::NODE_STATE_UNAVAILABLE);
    EXPECT_EQ(response.node().last_error().reason(), "NODE_UNAVAILABLE");
    EXPECT_TRUE(response.node().has_last_error_time());
  }
  EXPECT_EQ(ready, 1);
  const auto interfaces = CallFleet(fleet_, &Stub::ListNodeInterfaces,
                                    v1::ListNodeInterfacesRequest());
  ASSERT_THAT(interfaces, SizeIs(2));
  for (const auto& response : interfaces) {
    if (response.node() == "nodes/gone") {
      EXPECT_EQ(response.failure().reason(), "NODE_UNAVAILABLE");
      EXPECT_THAT(response.interfaces(), SizeIs(0));
    } else {
      EXPECT_FALSE(response.has_failure());
      EXPECT_GT(response.interfaces_size(), 0);
    }
  }
}

TEST_F(FleetServiceTest, CapturesAreCreatedListedCountedAndStopped) {
  FleetNode first("a");
  FleetNode second("b");
  fleet_.SetNodes(FleetProcess::LineOf(first) + FleetProcess::LineOf(second) +
                  kNoNode);
  const std::vector<std::string> names = CreateCaptures();
  ASSERT_THAT(names, SizeIs(2));
  first.Send(10);
  second.Send(10);
  v1::WatchNodeStatisticsRequest watch;
  for (const std::string& name : names) watch.add_captures(name);
  watch.mutable_interval()->set_nanos(100'000'000);
  grpc::ClientContext context;
  const auto reader = fleet_.stub()->WatchNodeStatistics(&context, watch);
  v1::WatchNodeStatisticsResponse statistics;
  while (statistics.totals().packets() < 20) {
    ASSERT_TRUE(reader->Read(&statistics));
  }
  EXPECT_EQ(statistics.totals().packets(), 20u);
  ASSERT_GT(statistics.totals().protocols_size(), 0);
  EXPECT_EQ(statistics.totals().protocols(0).packets(), 20u);
  EXPECT_EQ(StopCaptures(names), 20u);
  int ended = 0;
  while (reader->Read(&statistics)) ended += statistics.ended() ? 1 : 0;
  EXPECT_EQ(ended, 2);
  EXPECT_TRUE(reader->Finish().ok());
}

TEST_F(FleetServiceTest, MistakesInARequestEndTheCall) {
  v1::ListNodesRequest nodes;
  nodes.add_nodes("nodes/b");
  EXPECT_EQ(ReasonOf(fleet_, &Stub::ListNodes, nodes), "NODE_NOT_FOUND");
  nodes.set_nodes(0, "b");
  EXPECT_EQ(ReasonOf(fleet_, &Stub::ListNodes, nodes), "NODE_NAME_INVALID");
  EXPECT_EQ(ReasonOf(fleet_, &Stub::CreateNodeCaptures,
                     v1::CreateNodeCapturesRequest()),
            "NODES_MISSING");
  EXPECT_EQ(
      ReasonOf(fleet_, &Stub::StopNodeCaptures, v1::StopNodeCapturesRequest()),
      "NODE_CAPTURES_MISSING");
  v1::DissectNodesRequest dissect;
  EXPECT_EQ(ReasonOf(fleet_, &Stub::DissectNodes, dissect), "SOURCE_MISSING");
  dissect.mutable_captures()->add_names("nodes/b/captures/1");
  EXPECT_EQ(ReasonOf(fleet_, &Stub::DissectNodes, dissect),
            "CAPTURE_NOT_FOUND");
  dissect.mutable_reorder_window()->set_seconds(61);
  EXPECT_EQ(ReasonOf(fleet_, &Stub::DissectNodes, dissect),
            "REORDER_WINDOW_INVALID");
  dissect.clear_reorder_window();
  dissect.mutable_view()->set_form(v1::FORM_COLUMNAR);
  EXPECT_EQ(ReasonOf(fleet_, &Stub::DissectNodes, dissect), "FORM_UNORDERED");
  dissect.mutable_view()->set_form(v1::FORM_PLAIN);
  dissect.mutable_view()->mutable_range()->set_limit(1);
  EXPECT_EQ(ReasonOf(fleet_, &Stub::DissectNodes, dissect), "RANGE_UNEXPECTED");
}

TEST_F(FleetServiceTest, AFilterThatNoNodeTakesEndsEachStreamOnce) {
  FleetNode node("a");
  fleet_.SetNodes(FleetProcess::LineOf(node));
  v1::DissectNodesRequest request = FleetDissection::NewRequest();
  request.add_nodes("nodes/a");
  *request.mutable_options() = CaptureOf("lo");
  request.mutable_view()->set_display_filter("ip.adr");
  FleetDissection dissection(fleet_, request);
  EXPECT_TRUE(dissection.Finish().ok());
  ASSERT_THAT(dissection.events(), SizeIs(2));
  const v1::NodeStreamEnded& ended = dissection.events()[1].ended();
  EXPECT_FALSE(ended.retrying());
  EXPECT_EQ(ended.failure().reason(), "DISPLAY_FILTER_INVALID");
  WaitForNoCaptures();
}

TEST_F(FleetServiceTest, ANodeThatIsFoundLaterIsAdded) {
  FleetNode first("a");
  fleet_.SetNodes(FleetProcess::LineOf(first));
  v1::DissectNodesRequest request = FleetDissection::NewRequest();
  *request.mutable_options() = CaptureOf("lo");
  FleetDissection dissection(fleet_, request);
  dissection.WaitForHeaders(1);
  FleetNode second("b");
  fleet_.SetNodes(FleetProcess::LineOf(first) + FleetProcess::LineOf(second));
  dissection.WaitForHeaders(2);
  first.Send(2);
  second.Send(3);
  dissection.WaitForAllPackets({&first, &second});
  dissection.Cancel();
  dissection.Finish();
  WaitForNoCaptures();
}

// A client that reads nothing leaves the frames on the disks of the nodes, and
// gets all of them in order in the end.
TEST_F(FleetServiceTest, ASlowClientCostsNoMemory) {
  constexpr uint32_t kPackets = 30'000;
  constexpr size_t kPayload = 1000;
  constexpr uint64_t kMostGrowth = uint64_t{48} << 20;
  FleetNode first("a");
  FleetNode second("b");
  fleet_.SetNodes(FleetProcess::LineOf(first) + FleetProcess::LineOf(second));
  const std::vector<std::string> names = CreateCaptures();
  ASSERT_THAT(names, SizeIs(2));
  for (FleetNode* node : {&first, &second}) {
    for (uint32_t sent = 0; sent < kPackets; sent += 1000) {
      node->Send(1000, kPayload);
    }
  }
  const uint64_t captured = StopCaptures(names);
  // A busy machine may lose some.
  EXPECT_GT(captured, kPackets);
  v1::DissectNodesRequest request = FleetDissection::NewRequest();
  request.mutable_view()->set_bytes(v1::BYTE_DETAIL_FRAME);
  for (const std::string& name : names) {
    request.mutable_captures()->add_names(name);
  }
  const uint64_t before = fleet_.ResidentBytes();
  grpc::ClientContext context;
  const auto reader = fleet_.stub()->DissectNodes(&context, request);
  // Until the fleet's memory stops growing.
  uint64_t last = 0;
  for (uint64_t now = before; now > last + 4096;) {
    std::this_thread::sleep_for(std::chrono::seconds(2));
    last = now;
    now = fleet_.ResidentBytes();
  }
  EXPECT_LT(fleet_.ResidentBytes(), before + kMostGrowth);
  v1::DissectNodesResponse response;
  uint64_t frames = 0;
  uint64_t most = 0;
  int64_t latest = 0;
  while (reader->Read(&response)) {
    for (const auto& frame : response.response().plain_batch().frames()) {
      const int64_t time =
          frame.time().seconds() * 1'000'000'000 + frame.time().nanos();
      EXPECT_EQ(response.late(), time < latest);
      latest = std::max(latest, time);
      if (++frames % 10'000 == 0) most = std::max(most, fleet_.ResidentBytes());
    }
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(frames, captured);
  EXPECT_LT(most, before + kMostGrowth);
}

// The nodes trust the fleet, which runs as the same user, to name its callers,
// and hold them to the roles of their groups.
TEST_F(FleetServiceTest, NodesDecideWhatTheFleetsCallersMayDo) {
  const PolicyFiles files;
  FleetNode node(
      "a", 0,
      {"--identify-unix-users", absl::StrCat("--trusted-proxy=unix:", getuid()),
       files.PolicyOption()});
  FleetProcess fleet({files.TokenOption()}, kCapturer);
  fleet.SetNodes(FleetProcess::LineOf(node));
  EXPECT_EQ(InterfacesFor(fleet, kCapturer), "");
  EXPECT_EQ(InterfacesFor(fleet, kViewer), "PERMISSION_MISSING");
  EXPECT_EQ(InterfacesFor(fleet, kNobody), "PERMISSION_MISSING");
  v1::DissectNodesRequest request = FleetDissection::NewRequest();
  *request.mutable_options() = CaptureOf("lo");
  grpc::ClientContext context;
  Authorize(&context, kViewer);
  const auto reader = fleet.stub()->DissectNodes(&context, request);
  v1::DissectNodesResponse response;
  ASSERT_TRUE(reader->Read(&response));
  EXPECT_EQ(response.ended().failure().reason(), "PERMISSION_MISSING");
  EXPECT_FALSE(response.ended().retrying());
  EXPECT_FALSE(reader->Read(&response));
  EXPECT_TRUE(reader->Finish().ok());
  // The fleet itself refuses those whom it doesn't know.
  grpc::ClientContext unknown;
  EXPECT_EQ(fleet.stub()
                ->ListNodes(&unknown, v1::ListNodesRequest())
                ->Finish()
                .error_code(),
            grpc::StatusCode::UNAUTHENTICATED);
  // One that identifies nobody can't call such a node at all.
  fleet_.SetNodes(FleetProcess::LineOf(node));
  EXPECT_EQ(InterfacesFor(fleet_, ""), "UNAUTHENTICATED");
}

// Returns what dissectd-fleet says about its options.
std::string ErrorOf(const std::string& options) {
  const CommandOutput output = RunCommand(
      "timeout 60 server/fleet/dissectd-fleet --listen=unix:/nonexistent/s " +
      options + " 2>&1");
  EXPECT_NE(output.exit_status, 0);
  return output.text;
}

TEST(FleetOptionsTest, UnsafeAndMissingOptionsAreReported) {
  const TemporaryFolder folder;
  folder.Write("nodes", "a 192.0.2.1:50051\n");
  folder.Write("token", "secret\n");
  const std::string nodes = "--nodes=" + folder.path() + "/nodes ";
  EXPECT_THAT(ErrorOf("--insecure-plaintext-to-nodes"), HasSubstr("--nodes"));
  EXPECT_THAT(ErrorOf(nodes), HasSubstr("--node-ca"));
  EXPECT_THAT(ErrorOf("--nodes-dns=host --insecure-plaintext-to-nodes"),
              HasSubstr("neither HOST:PORT nor srv:NAME"));
  EXPECT_THAT(ErrorOf(nodes + "--node-ca=/nonexistent"),
              HasSubstr("/nonexistent"));
  EXPECT_THAT(ErrorOf(nodes +
                      "--insecure-plaintext-to-nodes --identify-unix-users "
                      "--node-token-file=" +
                      folder.path() + "/token"),
              HasSubstr("all of them would have the rights of the token"));
  folder.Write("nodes", "a b c\n");
  EXPECT_THAT(ErrorOf(nodes + "--insecure-plaintext-to-nodes"),
              HasSubstr("line 1"));
}

}  // namespace
}  // namespace dissectd
