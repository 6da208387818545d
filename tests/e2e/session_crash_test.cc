// SPDX-License-Identifier: GPL-2.0-or-later

// Tests sessions of captures with frames that crash dissectors. They answer
// what Dissect with two passes sends of the same file.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/crash_probe.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

constexpr char kFile[] = "crash.pcap";

struct Case {
  std::string name;
  uint32_t frames;
  std::vector<uint32_t> crashes;
  // Whether the frames crash when they are seen for the second time.
  bool second_time = false;
  std::string read_filter;
};

std::ostream& operator<<(std::ostream& out, const Case& tested) {
  return out << tested.name;
}

v1::DissectionOptions OptionsOf(const Case& tested) {
  v1::DissectionOptions options;
  v1::LuaScript* script = options.add_lua_scripts();
  script->set_name("probe.lua");
  script->set_content(kCrashProbe);
  script->add_arguments(tested.second_time ? "second" : "first");
  options.set_read_filter(tested.read_filter);
  return options;
}

// What a stream of Dissect has of each frame, as text.
std::map<uint32_t, std::string> ItemsOf(const DissectionResult& result) {
  std::map<uint32_t, std::string> items;
  for (const v1::DissectResponse& message : result.messages) {
    for (const v1::PlainFrame& frame : message.plain_batch().frames()) {
      items[frame.number()] = frame.ShortDebugString();
    }
    if (message.has_crash()) {
      items[message.crash().frame_number()] =
          message.crash().ShortDebugString();
    }
  }
  return items;
}

class SessionCrashTest : public ::testing::TestWithParam<Case> {
 protected:
  SessionCrashTest() : client_(daemon_.Connect()) {}

  OpenedSession Open(const Case& tested) {
    daemon_.store().Write(kFile,
                          CrashingCapture(tested.frames, tested.crashes));
    v1::OpenSessionRequest request;
    request.set_file(std::string("files/") + kFile);
    *request.mutable_options() = OptionsOf(tested);
    return client_.Open(request);
  }

  DissectionResult DissectFile(const Case& tested, const v1::View& view) {
    v1::DissectRequest request;
    request.set_file(std::string("files/") + kFile);
    *request.mutable_options() = OptionsOf(tested);
    request.mutable_options()->set_two_pass(true);
    *request.mutable_view() = view;
    return Dissect(daemon_.Connect(), request);
  }

  DissectionResult DissectSession(const std::string& session,
                                  const v1::View& view) {
    v1::DissectRequest request;
    request.set_session(session);
    *request.mutable_view() = view;
    return Dissect(daemon_.Connect(), request);
  }

  DaemonProcess daemon_{{"--allow-lua", "--max-crashes-per-call=3"}};
  SessionClient client_;
};

TEST_P(SessionCrashTest, AnswersWhatDissectSends) {
  const Case& tested = GetParam();
  const OpenedSession opened = Open(tested);
  ASSERT_TRUE(opened.status.ok()) << opened.status.error_message();
  const std::string name = opened.session().name();
  const v1::View view = WholeFrame("", 0).view();
  const std::map<uint32_t, std::string> expected =
      ItemsOf(DissectFile(tested, view));
  ASSERT_EQ(expected.size(), opened.session().frames());
  // Backward, so that the first answers need all crashes.
  size_t crashes = 0;
  const uint32_t step = opened.session().frames() > 200 ? 37 : 1;
  for (uint32_t frame = opened.session().frames(); frame > 0; --frame) {
    const bool crashed = absl::StartsWith(expected.at(frame), "frame_number:");
    if (!crashed && frame % step != 0) continue;
    v1::GetFrameResponse response;
    const grpc::Status status =
        client_.GetFrame(WholeFrame(name, frame), &response);
    ASSERT_TRUE(status.ok()) << frame << ": " << status.error_message();
    if (response.has_crash()) ++crashes;
    EXPECT_EQ(response.has_crash()
                  ? response.crash().ShortDebugString()
                  : response.plain_batch().frames(0).ShortDebugString(),
              expected.at(frame));
  }
  EXPECT_EQ(crashes, tested.crashes.size());
  const DissectionResult again = DissectSession(name, view);
  EXPECT_TRUE(again.status.ok()) << again.status.error_message();
  EXPECT_EQ(ItemsOf(again), expected);
  EXPECT_EQ(again.Last().end().frames_crashed(), tested.crashes.size());
}

TEST_P(SessionCrashTest, DissectsAndListsWithAFilter) {
  const Case& tested = GetParam();
  const OpenedSession opened = Open(tested);
  ASSERT_TRUE(opened.status.ok()) << opened.status.error_message();
  v1::View view = WholeFrame("", 0).view();
  view.set_display_filter("udp.length > 14");
  const DissectionResult expected = DissectFile(tested, view);
  const DissectionResult filtered =
      DissectSession(opened.session().name(), view);
  EXPECT_TRUE(filtered.status.ok()) << filtered.status.error_message();
  EXPECT_EQ(ItemsOf(filtered), ItemsOf(expected));
  v1::ListFramesRequest request;
  request.set_session(opened.session().name());
  request.set_display_filter(view.display_filter());
  v1::ListFramesResponse page;
  ASSERT_TRUE(client_.ListFrames(request, &page).ok());
  EXPECT_EQ(page.total(), expected.Last().end().frames_sent());
}

TEST_P(SessionCrashTest, DissectsARangeAsFromTheFile) {
  const Case& tested = GetParam();
  const OpenedSession opened = Open(tested);
  v1::View view = WholeFrame("", 0).view();
  view.mutable_range()->set_first_frame(tested.crashes.front() + 1);
  const DissectionResult expected = DissectFile(tested, view);
  const DissectionResult ranged = DissectSession(opened.session().name(), view);
  EXPECT_TRUE(ranged.status.ok()) << ranged.status.error_message();
  EXPECT_EQ(ItemsOf(ranged), ItemsOf(expected));
  EXPECT_EQ(ranged.Last().end().frames_crashed(), tested.crashes.size());
}

INSTANTIATE_TEST_SUITE_P(
    Crashes, SessionCrashTest,
    ::testing::Values(
        Case{"first_pass", 100, {1, 50, 100}},
        Case{"read_filter", 100, {30, 60}, false, "udp.length > 14"},
        Case{"second_pass", 100, {1, 50, 100}, true},
        // Checkpoints are in the way of the second one.
        Case{"checkpoints", 1200, {20, 1001}, true}),
    [](const auto& info) { return info.param.name; });

TEST_F(SessionCrashTest, ListsCrashedFramesWithoutColumns) {
  const OpenedSession opened = Open({"listed", 10, {4}});
  v1::ListFramesRequest request;
  request.set_session(opened.session().name());
  request.set_colors(true);
  v1::ListFramesResponse page;
  ASSERT_TRUE(client_.ListFrames(request, &page).ok());
  ASSERT_EQ(page.frames_size(), 10);
  for (const v1::FrameSummary& frame : page.frames()) {
    EXPECT_EQ(frame.columns_size(), page.columns_size());
    EXPECT_EQ(frame.crashed(), frame.number() == 4);
    EXPECT_EQ(frame.columns(0).empty(), frame.crashed());
    EXPECT_GT(frame.original_length(), 0u);
  }
  request.set_sort_column(1);
  request.set_descending(true);
  ASSERT_TRUE(client_.ListFrames(request, &page).ok());
  EXPECT_EQ(page.frames(0).number(), 10u);
  EXPECT_EQ(page.frames(9).number(), 4u);
}

TEST_F(SessionCrashTest, SearchesAndStatisticsPassOverCrashes) {
  const OpenedSession opened = Open({"searched", 20, {4}, true});
  v1::FindFrameRequest search;
  search.set_session(opened.session().name());
  search.set_text_in_columns("PROBE");
  search.set_after_frame(3);
  v1::FindFrameResponse found;
  ASSERT_TRUE(client_.FindFrame(search, &found).ok());
  EXPECT_EQ(found.frame_number(), 5u);
  // From here on the session knows the frame.
  v1::GetFrameResponse frame;
  ASSERT_TRUE(client_.GetFrame(WholeFrame(search.session(), 20), &frame).ok());
  v1::RunStatisticsRequest statistics;
  statistics.mutable_source()->set_session(search.session());
  statistics.add_reports()->set_argument("io,phs");
  const auto stub = v1::AnalysisService::NewStub(daemon_.Connect());
  grpc::ClientContext context;
  const auto reader = stub->RunStatistics(&context, statistics);
  v1::RunStatisticsResponse message;
  uint64_t frames = 0;
  while (reader->Read(&message)) {
    for (const auto& row : message.result().protocol_hierarchy().nodes()) {
      if (row.protocol() == "udp") frames = row.frames();
    }
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(frames, 19u);
}

TEST_F(SessionCrashTest, AnalysesPassOverCrashesThatNobodyKnows) {
  const OpenedSession opened = Open({"analysed", 20, {4, 11}, true});
  const auto stub = v1::AnalysisService::NewStub(daemon_.Connect());
  v1::RunStatisticsRequest statistics;
  statistics.mutable_source()->set_session(opened.session().name());
  statistics.add_reports()->set_argument("io,phs");
  grpc::ClientContext context;
  const auto reader = stub->RunStatistics(&context, statistics);
  v1::RunStatisticsResponse message;
  uint64_t frames = 0;
  std::string notices;
  while (reader->Read(&message)) {
    for (const auto& row : message.result().protocol_hierarchy().nodes()) {
      if (row.protocol() == "udp") frames += row.frames();
    }
    for (const std::string& notice : message.end().notices()) notices += notice;
  }
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(frames, 18u);
  EXPECT_TRUE(absl::StrContains(notices, "Frame 4 was left out")) << notices;
  EXPECT_TRUE(absl::StrContains(notices, "Frame 11 was left out")) << notices;
  v1::FollowStreamRequest follow;
  follow.mutable_source()->set_session(opened.session().name());
  follow.set_follower("UDP");
  follow.set_frame_number(15);
  grpc::ClientContext follow_context;
  const auto chunks = stub->FollowStream(&follow_context, follow);
  v1::FollowStreamResponse chunk;
  while (chunks->Read(&chunk)) {
  }
  const grpc::Status followed = chunks->Finish();
  EXPECT_TRUE(followed.ok()) << followed.error_message();
}

TEST_F(SessionCrashTest, TooManyCrashesEndTheSession) {
  const OpenedSession opened = Open({"many", 50, {10, 20, 30, 40}});
  EXPECT_EQ(opened.status.error_code(), grpc::StatusCode::INTERNAL);
  const v1::Failure failure = FailureOf(opened.status);
  EXPECT_EQ(failure.reason(), "WORKER_CRASHED");
  EXPECT_EQ(failure.metadata().at("frame"), "40");
  daemon_.WaitForNoWorkers();
}

TEST_F(SessionCrashTest, TooManyCrashesEndAnAnalysis) {
  const OpenedSession opened = Open({"many", 50, {10, 20, 30, 40}, true});
  v1::RunStatisticsRequest statistics;
  statistics.mutable_source()->set_session(opened.session().name());
  statistics.add_reports()->set_argument("io,phs");
  const auto stub = v1::AnalysisService::NewStub(daemon_.Connect());
  grpc::ClientContext context;
  const auto reader = stub->RunStatistics(&context, statistics);
  v1::RunStatisticsResponse message;
  while (reader->Read(&message)) EXPECT_FALSE(message.has_result());
  const v1::Failure failure = FailureOf(reader->Finish());
  EXPECT_EQ(failure.reason(), "WORKER_CRASHED");
  EXPECT_EQ(failure.metadata().at("frame"), "40");
}

TEST_F(SessionCrashTest, TooManyCrashesInTheSecondPassCostLaterFrames) {
  const OpenedSession opened = Open({"many", 50, {10, 20, 30, 40}, true});
  ASSERT_TRUE(opened.status.ok()) << opened.status.error_message();
  const std::string name = opened.session().name();
  v1::GetFrameResponse response;
  EXPECT_TRUE(client_.GetFrame(WholeFrame(name, 39), &response).ok());
  const grpc::Status status = client_.GetFrame(WholeFrame(name, 41), &response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(FailureOf(status).metadata().at("frame"), "40");
  EXPECT_TRUE(client_.GetFrame(WholeFrame(name, 11), &response).ok());
}

// Ends the process at a frame that it sees for the third time.
constexpr char kTwoPassesOnly[] = R"lua(
  local counter = Proto("counter", "Counter")
  local seen = {}
  function counter.dissector(tvb, pinfo, tree)
    seen[pinfo.number] = (seen[pinfo.number] or 0) + 1
    if seen[pinfo.number] > 2 then os.exit(7) end
  end
  register_postdissector(counter)
)lua";

TEST_F(SessionCrashTest, FollowingAFramesStreamDissectsNoFrameTwice) {
  daemon_.store().Write(kFile, CrashingCapture(20, {}));
  v1::OpenSessionRequest open;
  open.set_file(std::string("files/") + kFile);
  v1::LuaScript* script = open.mutable_options()->add_lua_scripts();
  script->set_name("counter.lua");
  script->set_content(kTwoPassesOnly);
  const OpenedSession opened = client_.Open(open);
  ASSERT_TRUE(opened.status.ok()) << opened.status.error_message();
  v1::FollowStreamRequest request;
  request.mutable_source()->set_session(opened.session().name());
  request.set_follower("UDP");
  request.set_frame_number(15);
  const auto stub = v1::AnalysisService::NewStub(daemon_.Connect());
  grpc::ClientContext context;
  const auto reader = stub->FollowStream(&context, request);
  v1::FollowStreamResponse message;
  size_t chunks = 0;
  while (reader->Read(&message)) chunks += message.has_chunk() ? 1 : 0;
  const grpc::Status status = reader->Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  // Every fifth frame has the same ports.
  EXPECT_EQ(chunks, 4u);
}

}  // namespace
}  // namespace dissectd
