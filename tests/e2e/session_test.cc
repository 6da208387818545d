// SPDX-License-Identifier: GPL-2.0-or-later

// Opens sessions, and compares what they answer with what Dissect sends.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/file_contents.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

// Enough for three checkpoints.
constexpr uint32_t kManyFrames = 1700;

std::string ManyFrames() {
  CaptureBuilder capture;
  for (uint32_t i = 1; i <= kManyFrames; ++i) {
    capture.Add(UdpFrame(static_cast<uint16_t>(1000 + i % 10), 2000,
                         std::string(i % 50, 'x')));
  }
  return capture.bytes();
}

class SessionTest : public ::testing::Test {
 protected:
  SessionTest() : channel_(daemon_.Connect()), client_(channel_) {}

  v1::Session OpenProjectCapture(const std::string& name) {
    daemon_.store().Write(name, ContentsOf("tests/captures/" + name));
    return client_.Open(name);
  }
  v1::Session OpenManyFrames() {
    daemon_.store().Write("many.pcap", ManyFrames());
    return client_.Open("many.pcap");
  }

  DaemonProcess daemon_;
  const std::shared_ptr<grpc::Channel> channel_;
  SessionClient client_;
};

// Returns the frames of a file as Dissect with two passes sends them.
std::vector<v1::PlainFrame> FramesOf(
    const std::shared_ptr<grpc::Channel>& channel, const std::string& file,
    const v1::View& view) {
  v1::DissectRequest request;
  request.set_file("files/" + file);
  request.mutable_options()->set_two_pass(true);
  *request.mutable_view() = view;
  std::vector<v1::PlainFrame> frames;
  for (const v1::DissectResponse& message :
       Dissect(channel, request).messages) {
    frames.insert(frames.end(), message.plain_batch().frames().begin(),
                  message.plain_batch().frames().end());
  }
  return frames;
}

std::vector<uint32_t> NumbersOf(const v1::ListFramesResponse& page) {
  std::vector<uint32_t> numbers;
  for (const v1::FrameSummary& frame : page.frames()) {
    numbers.push_back(frame.number());
    EXPECT_EQ(frame.columns_size(), page.columns_size());
  }
  return numbers;
}

class ExactnessTest : public SessionTest,
                      public ::testing::WithParamInterface<const char*> {};

TEST_P(ExactnessTest, FramesAreThoseOfTwoPassesInAnyOrder) {
  const v1::Session session = OpenProjectCapture(GetParam());
  const std::vector<v1::PlainFrame> expected =
      FramesOf(channel_, GetParam(), WholeFrame("", 0).view());
  ASSERT_EQ(expected.size(), session.frames());
  constexpr unsigned kClients = 3;
  std::vector<std::thread> clients;
  for (unsigned seed = 0; seed < kClients; ++seed) {
    clients.emplace_back([&, seed] {
      SessionClient client(daemon_.Connect());
      std::vector<uint32_t> order(expected.size());
      std::iota(order.begin(), order.end(), 1);
      std::shuffle(order.begin(), order.end(), std::mt19937(seed));
      for (const uint32_t number : order) {
        v1::GetFrameResponse response;
        const grpc::Status status =
            client.GetFrame(WholeFrame(session.name(), number), &response);
        ASSERT_TRUE(status.ok()) << status.error_message();
        ASSERT_EQ(response.plain_batch().frames_size(), 1);
        EXPECT_EQ(response.plain_batch().frames(0).SerializeAsString(),
                  expected[number - 1].SerializeAsString())
            << "frame " << number;
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

INSTANTIATE_TEST_SUITE_P(Captures, ExactnessTest,
                         ::testing::Values("dns.pcap", "http1.pcap.gz",
                                           "icmp-fragments.pcap",
                                           "interfaces-comments.pcapng"));

TEST_F(SessionTest, TellsWhatItHas) {
  const v1::Session session = OpenManyFrames();
  EXPECT_EQ(session.frames(), kManyFrames);
  EXPECT_EQ(session.file(), "files/many.pcap");
  EXPECT_LT(session.first_time().nanos(), session.last_time().nanos());
  const v1::Session got = client_.Get(session.name());
  EXPECT_EQ(got.name(), session.name());
  EXPECT_EQ(got.questions(), 0u);
  EXPECT_GE(got.use_time().seconds(), got.open_time().seconds());
  WaitFor("the memory of the session",
          [&] { return client_.Get(session.name()).memory_bytes() > 0; });
}

TEST_F(SessionTest, SendsProgressAndThenTheSession) {
  daemon_.store().Write("many.pcap", ManyFrames());
  v1::OpenSessionRequest request;
  request.set_file("files/many.pcap");
  request.mutable_options()->set_tls_key_log("secret");
  v1::PreferenceSetting* const preference =
      request.mutable_options()->add_preferences();
  preference->set_name("uat:esp_sa");
  preference->set_raw_value(R"("IPv4","*","*","*","NULL","","NULL","secret")");
  const OpenedSession opened = client_.Open(request);
  ASSERT_TRUE(opened.status.ok()) << opened.status.error_message();
  const v1::Session& first = opened.messages.front().session();
  EXPECT_EQ(first.state(), v1::SESSION_STATE_READING);
  EXPECT_NE(first.name(), "");
  EXPECT_EQ(opened.messages.back().session().name(), first.name());
  EXPECT_THAT(opened.session().DebugString(), Not(HasSubstr("secret")));
  EXPECT_EQ(opened.session().options().preferences(0).name(), "uat:esp_sa");
}

TEST_F(SessionTest, AnswersBeyondCheckpointsAsBefore) {
  const v1::Session session = OpenManyFrames();
  const std::vector<v1::PlainFrame> expected =
      FramesOf(channel_, "many.pcap", WholeFrame("", 0).view());
  // While checkpoints are made, and after that.
  for (int round = 0; round < 2; ++round) {
    for (const uint32_t number : {1u, 499u, 500u, 501u, 1000u, 1001u, 1700u}) {
      v1::GetFrameResponse response;
      ASSERT_TRUE(
          client_.GetFrame(WholeFrame(session.name(), number), &response).ok());
      EXPECT_EQ(response.plain_batch().frames(0).SerializeAsString(),
                expected[number - 1].SerializeAsString());
      EXPECT_EQ(response.previous_displayed_frame(), number - 1);
    }
    WaitFor("checkpoints", [&] { return daemon_.WorkerPids().size() == 1; });
  }
}

TEST_F(SessionTest, FindsNeighboursUnderAFilter) {
  const v1::Session session = OpenManyFrames();
  v1::GetFrameRequest request = WholeFrame(session.name(), 20);
  request.mutable_view()->set_display_filter("udp.srcport == 1003");
  v1::GetFrameResponse response;
  ASSERT_TRUE(client_.GetFrame(request, &response).ok());
  EXPECT_FALSE(response.displayed());
  EXPECT_EQ(response.previous_displayed_frame(), 13u);
  EXPECT_EQ(response.next_displayed_frame(), 23u);
  request.set_frame_number(3);
  ASSERT_TRUE(client_.GetFrame(request, &response).ok());
  EXPECT_TRUE(response.displayed());
  EXPECT_EQ(response.previous_displayed_frame(), 0u);
  request.mutable_view()->set_display_filter("no such filter");
  EXPECT_EQ(FailureOf(client_.GetFrame(request, &response)).reason(),
            "DISPLAY_FILTER_INVALID");
}

TEST_F(SessionTest, ListsPagesOfAFilter) {
  const v1::Session session = OpenManyFrames();
  v1::ListFramesRequest request;
  request.set_session(session.name());
  request.set_display_filter("udp.srcport == 1003");
  request.set_first_position(100);
  request.set_limit(3);
  v1::ListFramesResponse page;
  ASSERT_TRUE(client_.ListFrames(request, &page).ok());
  EXPECT_EQ(page.total(), kManyFrames / 10);
  EXPECT_THAT(NumbersOf(page), ElementsAre(1003, 1013, 1023));
  request.set_first_position(1000);
  ASSERT_TRUE(client_.ListFrames(request, &page).ok());
  EXPECT_EQ(page.frames_size(), 0);
  EXPECT_EQ(page.total(), kManyFrames / 10);
}

TEST_F(SessionTest, SortsByAColumn) {
  const v1::Session session = OpenManyFrames();
  v1::ListFramesRequest request;
  request.set_session(session.name());
  request.set_display_filter("udp.srcport == 1003");
  request.set_limit(3);
  // The length, which has a period of 50 frames.
  v1::Column* column = request.mutable_columns()->add_columns();
  column->set_format("%L");
  request.set_sort_column(1);
  v1::ListFramesResponse page;
  ASSERT_TRUE(client_.ListFrames(request, &page).ok());
  EXPECT_EQ(page.total(), kManyFrames / 10);
  EXPECT_THAT(NumbersOf(page), ElementsAre(3, 53, 103));
  request.set_descending(true);
  ASSERT_TRUE(client_.ListFrames(request, &page).ok());
  EXPECT_EQ(page.frames(0).number() % 50, 43u);
  request.set_sort_column(0);
  ASSERT_TRUE(client_.ListFrames(request, &page).ok());
  EXPECT_THAT(NumbersOf(page), ElementsAre(1693, 1683, 1673));
  request.set_sort_column(2);
  EXPECT_EQ(FailureOf(client_.ListFrames(request, &page)).reason(),
            "SORT_COLUMN_INVALID");
}

TEST_F(SessionTest, FindsFrames) {
  const v1::Session session = OpenManyFrames();
  v1::FindFrameRequest request;
  request.set_session(session.name());
  v1::FindFrameResponse response;
  EXPECT_EQ(FailureOf(client_.FindFrame(request, &response)).reason(),
            "SEARCH_MISSING");
  request.set_display_filter("udp.srcport == 1003");
  request.set_after_frame(13);
  ASSERT_TRUE(client_.FindFrame(request, &response).ok());
  EXPECT_EQ(response.frame_number(), 23u);
  request.set_backward(true);
  ASSERT_TRUE(client_.FindFrame(request, &response).ok());
  EXPECT_EQ(response.frame_number(), 3u);
}

TEST_F(SessionTest, FindsFramesWithinAFilterInBothDirections) {
  const v1::Session session = OpenManyFrames();
  v1::FindFrameRequest request;
  request.set_session(session.name());
  request.set_within_display_filter("udp.srcport == 1003");
  v1::FindFrameResponse response;
  const auto find = [&](bool backward, uint32_t after) {
    request.set_backward(backward);
    request.set_after_frame(after);
    const grpc::Status status = client_.FindFrame(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response.frame_number();
  };
  // The number of letters has a period of 50 frames.
  request.set_bytes(std::string(43, 'x'));
  EXPECT_EQ(find(false, 0), 43u);
  EXPECT_EQ(find(false, 43), 93u);
  EXPECT_EQ(find(false, 1693), 0u);
  EXPECT_EQ(find(true, 0), 1693u);
  EXPECT_EQ(find(true, 1693), 1643u);
  EXPECT_EQ(find(true, 43), 0u);
  EXPECT_EQ(find(true, 1), 0u);
  EXPECT_EQ(find(false, kManyFrames), 0u);
  EXPECT_EQ(find(false, 4'000'000'000), 0u);
  // The time depends on the frames of the filter.
  request.set_text_in_details(
      "Time delta from previous displayed frame: 0.010000000 seconds");
  EXPECT_EQ(find(false, 0), 13u);
  EXPECT_EQ(find(false, 1000), 1003u);
  EXPECT_EQ(find(true, 1000), 993u);
  request.set_display_filter("udp.length == 51");
  EXPECT_EQ(find(false, 0), 43u);
  EXPECT_EQ(find(true, 143), 93u);
  EXPECT_EQ(find(true, 43), 0u);
  EXPECT_EQ(find(false, 1693), 0u);
  request.set_within_display_filter("no such filter");
  EXPECT_EQ(FailureOf(client_.FindFrame(request, &response)).reason(),
            "DISPLAY_FILTER_INVALID");
}

TEST_F(SessionTest, DissectsRanges) {
  const v1::Session session = OpenManyFrames();
  v1::DissectRequest request;
  request.set_session(session.name());
  request.mutable_view()->set_form(v1::FORM_PLAIN);
  request.mutable_view()->mutable_range()->set_first_frame(1200);
  request.mutable_view()->mutable_range()->set_last_frame(1201);
  const DissectionResult result = Dissect(channel_, request);
  ASSERT_TRUE(result.status.ok()) << result.status.error_message();
  std::vector<uint32_t> numbers;
  for (const v1::DissectResponse& message : result.messages) {
    for (const v1::PlainFrame& frame : message.plain_batch().frames()) {
      numbers.push_back(frame.number());
    }
  }
  EXPECT_THAT(numbers, ElementsAre(1200, 1201));
  request.mutable_options()->set_two_pass(true);
  EXPECT_EQ(FailureOf(Dissect(channel_, request).status).reason(),
            "OPTIONS_UNEXPECTED");
}

TEST_F(SessionTest, SessionsOfOneFileShareProcesses) {
  const v1::Session first = OpenManyFrames();
  const v1::Session second = client_.Open("many.pcap");
  EXPECT_NE(first.name(), second.name());
  EXPECT_THAT(daemon_.WorkerPids(), SizeIs(1));
  EXPECT_THAT(client_.List(), SizeIs(2));
  EXPECT_TRUE(client_.Close(first.name()).ok());
  v1::GetFrameResponse response;
  EXPECT_TRUE(client_.GetFrame(WholeFrame(second.name(), 1), &response).ok());
  // Other options are for other processes.
  v1::OpenSessionRequest request;
  request.set_file("files/many.pcap");
  request.mutable_options()->set_read_filter("udp.srcport == 1003");
  const OpenedSession filtered = client_.Open(request);
  EXPECT_EQ(filtered.session().frames(), kManyFrames / 10);
  EXPECT_THAT(daemon_.WorkerPids(), SizeIs(2));
  EXPECT_TRUE(client_.Close(filtered.session().name()).ok());
  EXPECT_TRUE(client_.Close(second.name()).ok());
  daemon_.WaitForNoWorkers();
}

TEST_F(SessionTest, WatchersSeeTheEnd) {
  const v1::Session session = OpenManyFrames();
  grpc::ClientContext context;
  v1::WatchSessionRequest request;
  request.set_name(session.name());
  const auto reader = client_.stub()->WatchSession(&context, request);
  v1::WatchSessionResponse message;
  ASSERT_TRUE(reader->Read(&message));
  EXPECT_EQ(message.session().state(), v1::SESSION_STATE_READY);
  EXPECT_TRUE(client_.Close(session.name()).ok());
  while (reader->Read(&message)) {
  }
  EXPECT_EQ(message.session().state(), v1::SESSION_STATE_CLOSED);
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_EQ(FailureOf(client_.Close(session.name())).reason(),
            "SESSION_NOT_FOUND");
}

TEST_F(SessionTest, RefusesWhatItCannotAnswer) {
  const v1::Session session = OpenManyFrames();
  v1::GetFrameResponse response;
  for (const uint32_t number : {0u, kManyFrames + 1}) {
    const grpc::Status status =
        client_.GetFrame(WholeFrame(session.name(), number), &response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::OUT_OF_RANGE);
    EXPECT_EQ(FailureOf(status).reason(), "FRAME_NOT_FOUND");
  }
  EXPECT_EQ(FailureOf(client_.GetFrame(WholeFrame("sessions/x", 1), &response))
                .reason(),
            "SESSION_NOT_FOUND");
  v1::OpenSessionRequest request;
  EXPECT_EQ(FailureOf(client_.Open(request).status).reason(), "SOURCE_MISSING");
  request.set_file("files/missing.pcap");
  EXPECT_EQ(FailureOf(client_.Open(request).status).reason(), "FILE_NOT_FOUND");
  daemon_.store().Write("text.pcap", "This isn't a capture.");
  request.set_file("files/text.pcap");
  EXPECT_EQ(FailureOf(client_.Open(request).status).reason(),
            "FILE_UNKNOWN_FORMAT");
  request.set_file("files/many.pcap");
  request.mutable_options()->set_read_filter("no such filter");
  EXPECT_EQ(FailureOf(client_.Open(request).status).reason(),
            "DISPLAY_FILTER_INVALID");
}

TEST_F(SessionTest, RunsStatistics) {
  const v1::Session session = OpenManyFrames();
  v1::RunStatisticsRequest request;
  request.mutable_source()->set_session(session.name());
  request.add_reports()->set_argument("plen,tree");
  const auto stub = v1::AnalysisService::NewStub(channel_);
  grpc::ClientContext context;
  const auto reader = stub->RunStatistics(&context, request);
  v1::RunStatisticsResponse message;
  v1::RunStatisticsResponse last;
  while (reader->Read(&message)) last = message;
  const grpc::Status status = reader->Finish();
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(last.end().frames_read(), kManyFrames);
}

}  // namespace
}  // namespace dissectd
