// SPDX-License-Identifier: GPL-2.0-or-later

// Tests the processes of a session, which are asked here as dissectd does.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "core/engine/testing/session_driver.h"
#include "core/engine/testing/session_fixture.h"
#include "dissectd/v1/analysis.pb.h"

namespace dissectd::engine {
namespace {

class SessionFramesTest : public SessionWorkerTest {
 protected:
  // Asks for every frame, in a shuffled order and from different processes, and
  // compares them with those of Dissect.
  void ExpectFramesOfDissect(const std::string& name,
                             const std::string& key_log = "") {
    SCOPED_TRACE(name);
    const std::string capture = ReadCaptureFile(name);
    const auto expected = Dissect(capture, name, FullView(), key_log);
    v1::OpenSessionRequest options;
    options.mutable_options()->set_tls_key_log(key_log);
    DrivenSession session(&engine_, capture, name, options);
    ASSERT_EQ(session.read().frames(), expected.size());
    ASSERT_FALSE(expected.empty());
    const auto checkpoints = MakeCheckpoints(&session);
    std::vector<uint32_t> order;
    order.reserve(expected.size());
    for (const auto& [number, frame] : expected) order.push_back(number);
    std::shuffle(order.begin(), order.end(), std::mt19937(1));
    for (const uint32_t number : order) {
      const auto& checkpoint = *std::prev(checkpoints.lower_bound(number));
      const auto response =
          session
              .AskFork(checkpoint.second.get(), ipc::Query::kGetFrame,
                       FrameRequest(number, FullView()))
              .Only<v1::GetFrameResponse>();
      ASSERT_EQ(response.plain_batch().frames_size(), 1);
      EXPECT_EQ(response.plain_batch().frames(0).SerializeAsString(),
                expected.at(number))
          << "frame " << number;
      EXPECT_TRUE(response.displayed());
    }
  }

  // Returns processes that have skipped some frames, each a fork of the one
  // before.
  static std::map<uint32_t, std::unique_ptr<DrivenWorker>> MakeCheckpoints(
      DrivenSession* session) {
    constexpr uint32_t kInterval = 7;
    std::map<uint32_t, std::unique_ptr<DrivenWorker>> checkpoints;
    checkpoints[0] = session->Fork(session->reader());
    for (uint32_t frame = kInterval; frame < session->read().frames();
         frame += kInterval) {
      auto next = session->Fork(std::prev(checkpoints.end())->second.get());
      EXPECT_TRUE(Skip(next.get(), frame).ok());
      checkpoints[frame] = std::move(next);
    }
    return checkpoints;
  }
};

TEST_F(SessionFramesTest, FramesEqualThoseOfDissectInAnyOrder) {
  ExpectFramesOfDissect("http1.pcap.gz");
  ExpectFramesOfDissect("http1-tls.pcap", ReadCaptureFile("http1-tls.keys"));
  ExpectFramesOfDissect("icmp-fragments.pcap");
  ExpectFramesOfDissect("http2-tls-dsb.pcapng");
}

bool IsIn(const std::string& bitmap, uint32_t frame) {
  const uint32_t bit = frame - 1;
  return (static_cast<unsigned char>(bitmap.at(bit / 8)) >> (bit % 8) & 1) != 0;
}

TEST_F(SessionQuestionTest, TellsWhatIsKnownOfTheCapture) {
  EXPECT_EQ(session_.opened().file_info().file_type(), "pcap");
  EXPECT_GT(session_.read().first_time().seconds(), 0);
  EXPECT_GE(session_.read().last_time().seconds(),
            session_.read().first_time().seconds());
  EXPECT_FALSE(session_.read().has_read_error());
}

TEST_F(SessionQuestionTest, FilteredFramesEqualThoseOfDissect) {
  v1::View view = FullView();
  view.set_display_filter("http.request");
  const std::string bitmap = BitmapOf("http.request");
  const auto expected = Dissect(capture_, kHttp, view);
  ASSERT_GT(expected.size(), 1u);
  for (uint32_t number = 1; number <= session_.read().frames(); ++number) {
    const bool displayed = expected.count(number) != 0;
    EXPECT_EQ(IsIn(bitmap, number), displayed) << number;
    const auto response =
        AskReader(ipc::Query::kGetFrame, FrameRequest(number, view, bitmap))
            .Only<v1::GetFrameResponse>();
    EXPECT_EQ(response.displayed(), displayed) << number;
    ASSERT_EQ(response.plain_batch().frames_size(), 1);
    if (!displayed) continue;
    EXPECT_EQ(response.plain_batch().frames(0).SerializeAsString(),
              expected.at(number))
        << number;
  }
}

TEST_F(SessionQuestionTest, TellsStreamsAndReferences) {
  const std::string bitmap = BitmapOf("http.response_in");
  uint32_t request = 1;
  while (!IsIn(bitmap, request)) ++request;
  // Without a tree in the answer.
  const auto frame = GetFrame(request, v1::View()).Only<v1::GetFrameResponse>();
  std::vector<std::string> followers;
  for (const v1::FrameStream& stream : frame.streams()) {
    followers.push_back(stream.follower());
  }
  std::sort(followers.begin(), followers.end());
  EXPECT_EQ(followers, (std::vector<std::string>{"HTTP", "TCP"}));
  uint32_t response = 0;
  for (const v1::FrameReference& reference : frame.references()) {
    if (reference.field() != "http.response_in") continue;
    response = reference.frame_number();
    EXPECT_EQ(reference.kind(), v1::FRAME_REFERENCE_KIND_RESPONSE);
  }
  EXPECT_GT(response, request);
}

// Returns the frames and the last message of a stream of Dissect.
std::pair<std::map<uint32_t, std::string>, std::string> FramesAndEnd(
    const std::vector<std::string>& messages) {
  std::map<uint32_t, std::string> frames;
  for (const std::string& bytes : messages) {
    v1::DissectResponse message;
    EXPECT_TRUE(message.ParseFromString(bytes));
    for (const v1::PlainFrame& frame : message.plain_batch().frames()) {
      frames[frame.number()] = frame.SerializeAsString();
    }
  }
  return {frames, messages.empty() ? "" : messages.back()};
}

TEST_F(SessionQuestionTest, DissectsAsDissectDoes) {
  for (const char* filter : {"", "http"}) {
    v1::DissectRequest request;
    *request.mutable_view() = FullView();
    request.mutable_view()->set_display_filter(filter);
    const SessionAnswer answer =
        AskReader(ipc::Query::kDissectSession, FromTheStart(request));
    ASSERT_TRUE(answer.ok());
    request.mutable_options()->set_two_pass(true);
    const auto stream = reference().Dissect(capture_, request, kHttp).Stream();
    EXPECT_EQ(answer.messages.front(), stream.front());
    EXPECT_EQ(FramesAndEnd(answer.messages), FramesAndEnd(stream));
  }
}

TEST_F(SessionQuestionTest, DissectsARangeFromACheckpoint) {
  const auto expected = Dissect(capture_, kHttp, FullView());
  const auto checkpoint = session_.Fork(session_.reader());
  ASSERT_TRUE(Skip(checkpoint.get(), 10).ok());
  v1::DissectRequest request;
  *request.mutable_view() = FullView();
  request.mutable_view()->mutable_range()->set_first_frame(21);
  request.mutable_view()->mutable_range()->set_last_frame(25);
  const SessionAnswer answer = session_.AskFork(
      checkpoint.get(), ipc::Query::kDissectSession, FromTheStart(request));
  ASSERT_TRUE(answer.ok());
  const auto [frames, end] = FramesAndEnd(answer.messages);
  EXPECT_EQ(frames, (std::map<uint32_t, std::string>(expected.find(21),
                                                     expected.find(26))));
  v1::DissectResponse last;
  ASSERT_TRUE(last.ParseFromString(end));
  EXPECT_EQ(last.end().reason(), v1::END_REASON_LIMIT);
}

TEST_F(SessionQuestionTest, ReportsEqualThoseOfAWorkerOfItsOwn) {
  v1::RunStatisticsRequest request;
  request.set_text(true);
  request.add_reports()->set_argument("http,tree");
  const SessionAnswer answer =
      AskReader(ipc::Query::kRunStatistics, request.SerializeAsString());
  request.mutable_source()->mutable_options()->set_two_pass(true);
  const auto worker = reference().Start(ipc::WorkerKind::kQuery, capture_);
  worker->SendMessage(ipc::MessageType::kCaptureName, kHttp);
  const SessionAnswer expected = Ask(worker.get(), ipc::Query::kRunStatistics,
                                     request.SerializeAsString());
  ASSERT_TRUE(answer.ok() && expected.ok());
  ASSERT_GT(answer.messages.size(), 1u);
  EXPECT_EQ(answer.messages, expected.messages);
}

TEST_F(SessionQuestionTest, RefusesWhatItCannotAnswer) {
  const uint32_t frames = session_.read().frames();
  EXPECT_EQ(GetFrame(0, v1::View()).Reason(), "FRAME_NOT_FOUND");
  EXPECT_EQ(GetFrame(frames + 1, v1::View()).Reason(), "FRAME_NOT_FOUND");
  v1::View wrong;
  wrong.set_display_filter("no.such.field");
  EXPECT_EQ(GetFrame(1, wrong).Reason(), "DISPLAY_FILTER_INVALID");
  const auto past = session_.Fork(session_.reader());
  EXPECT_EQ(Skip(past.get(), frames + 1).Reason(), "FRAME_NOT_FOUND");

  // Nothing was read by the worker itself.
  EXPECT_FALSE(session_
                   .AskFork(session_.root(), ipc::Query::kGetFrame,
                            FrameRequest(1, v1::View()))
                   .ok());
  // A frame that was skipped can't be shown, and a whole pass not be made.
  const auto checkpoint = session_.Fork(session_.reader());
  ASSERT_TRUE(Skip(checkpoint.get(), 5).ok());
  EXPECT_FALSE(session_
                   .AskFork(checkpoint.get(), ipc::Query::kGetFrame,
                            FrameRequest(5, v1::View()))
                   .ok());
  EXPECT_FALSE(
      session_.AskFork(checkpoint.get(), ipc::Query::kFilterFrames, "").ok());
  // A process that has answered isn't as it was.
  const auto used = session_.Fork(checkpoint.get());
  EXPECT_TRUE(
      Ask(used.get(), ipc::Query::kGetFrame, FrameRequest(7, v1::View())).ok());
  EXPECT_FALSE(
      Ask(used.get(), ipc::Query::kGetFrame, FrameRequest(8, v1::View())).ok());
}

TEST_F(SessionQuestionTest, OnlyWorkersOfSessionsOpenThem) {
  const auto worker = reference().Start(ipc::WorkerKind::kQuery, capture_);
  worker->SendMessage(ipc::MessageType::kCaptureName, kHttp);
  EXPECT_FALSE(Ask(worker.get(), ipc::Query::kOpenSession, "").ok());
  EXPECT_FALSE(Ask(worker.get(), ipc::Query::kReadSession, "").ok());
}

TEST_F(SessionQuestionTest, ACheckpointThatIsKilledTakesOnlyItsForksAlong) {
  const auto killed = session_.root()->Fork(100);
  ASSERT_TRUE(Ask(killed.get(), ipc::Query::kReadSession, "").ok());
  const auto checkpoint = killed->Fork(1);
  ASSERT_TRUE(Skip(checkpoint.get(), 5).ok());
  session_.root()->SendMessage(ipc::MessageType::kCancel, "", 100);
  EXPECT_FALSE(killed->NextFrame().has_value());
  EXPECT_FALSE(checkpoint->NextFrame().has_value());
  EXPECT_TRUE(GetFrame(6, v1::View()).ok());
  // The worker can read the capture again.
  const auto again = session_.Fork(session_.root());
  ASSERT_TRUE(Ask(again.get(), ipc::Query::kReadSession, "").ok());
  const auto frame = session_
                         .AskFork(again.get(), ipc::Query::kGetFrame,
                                  FrameRequest(6, FullView()))
                         .Only<v1::GetFrameResponse>();
  EXPECT_EQ(frame.plain_batch().frames(0).SerializeAsString(),
            Dissect(capture_, kHttp, FullView()).at(6));
}

TEST_F(SessionWorkerTest, ACaptureThatIsCutShortHasTheFramesBefore) {
  CaptureBuilder capture;
  capture.Add(UdpFrame(1, 2, "a")).AddCutShort(UdpFrame(1, 2, "b"), 1);
  DrivenSession session(&engine_, capture.bytes(), "cut.pcap");
  EXPECT_EQ(session.read().frames(), 1u);
  EXPECT_EQ(session.read().read_error().reason(), "FILE_CUT_SHORT");
  EXPECT_TRUE(session
                  .AskFork(session.reader(), ipc::Query::kGetFrame,
                           FrameRequest(1, FullView()))
                  .ok());
}

}  // namespace
}  // namespace dissectd::engine
