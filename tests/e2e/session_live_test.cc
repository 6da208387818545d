// SPDX-License-Identifier: GPL-2.0-or-later

// Opens sessions on captures that run, and compares what they answer with files
// that have exactly their frames.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/command.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/process_children.h"
#include "tests/e2e/session_client.h"
#include "tests/e2e/session_live_fixture.h"

namespace dissectd {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

using SessionLiveTest = SessionLiveFixture;

// The size of the header of a pcap file.
constexpr size_t kFileHeader = 24;

// Returns the size of each record of a pcap file, with its header.
std::vector<size_t> RecordSizes(const std::string& pcap) {
  constexpr size_t kRecordHeader = 16;
  std::vector<size_t> sizes;
  for (size_t at = kFileHeader; at < pcap.size(); at += sizes.back()) {
    uint32_t captured = 0;
    std::memcpy(&captured, &pcap[at + 8], sizeof(captured));
    sizes.push_back(kRecordHeader + captured);
  }
  return sizes;
}

// Captures what a client sends: a project's capture in two parts.
class SessionFeedTest : public SessionLiveTest,
                        public ::testing::WithParamInterface<const char*> {};

TEST_P(SessionFeedTest, AnswersAreThoseOfAFileWithTheFramesSoFar) {
  const std::string pcap =
      OutputOf(std::string("editcap -F pcap tests/captures/") + GetParam() +
               " - 2>/dev/null");
  const std::vector<size_t> records = RecordSizes(pcap);
  v1::CaptureOptions options;
  options.add_interfaces()->set_name("client");
  options.mutable_interfaces(0)->set_from_client(true);
  const v1::Capture capture = client().Create(options);
  grpc::ClientContext context;
  v1::FeedCaptureResponse response;
  const auto feed = client().stub()->FeedCapture(&context, &response);
  v1::FeedCaptureRequest request;
  request.set_name(capture.name());
  std::optional<v1::Session> session;
  size_t begin = 0;
  for (size_t part = 1; part <= 2; ++part) {
    const size_t frames = records.size() * part / 2;
    const auto last = records.begin() + static_cast<std::ptrdiff_t>(frames);
    const size_t end = std::accumulate(records.begin(), last, kFileHeader);
    request.set_data(pcap.substr(begin, end - begin));
    begin = end;
    ASSERT_TRUE(feed->Write(request));
    request.clear_name();
    client().WaitForPackets(capture.name(), frames);
    if (!session.has_value()) session = Open(capture);
    WaitFor("frames",
            [&] { return sessions_->Get(session->name()).frames() >= frames; });
    ExpectAnswersOf(Copy(capture), session->name());
  }
  feed->WritesDone();
  EXPECT_TRUE(feed->Finish().ok());
  WaitFor("the end", [&] { return !sessions_->Get(session->name()).live(); });
  ExpectAnswersOf(Copy(capture), session->name());
}

INSTANTIATE_TEST_SUITE_P(Captures, SessionFeedTest,
                         ::testing::Values("http1.pcap.gz", "http1-tls.pcap",
                                           "icmp-fragments.pcap"));

TEST_F(SessionLiveTest, AnswersAreThoseOfAFileWithTheFramesSoFar) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  EXPECT_TRUE(session.live());
  EXPECT_EQ(session.frames(), 0u);
  EXPECT_THAT(ListFrames(session.name(), "").frames(), IsEmpty());
  EXPECT_THAT(ListFrames(session.name(), kAnswers).frames(), IsEmpty());
  v1::GetFrameResponse response;
  const grpc::Status missing =
      sessions_->GetFrame(WholeFrame(session.name(), 1), &response);
  EXPECT_EQ(FailureOf(missing).reason(), "FRAME_NOT_FOUND");
  const SessionWatch watch(&*sessions_, session.name());
  uint16_t first = 1;
  for (const uint16_t last : {3, 4, 40}) {
    Exchange(capture, first, last);
    first = last + 1;
    watch.WaitForFrames(2u * last);
    ExpectAnswersOf(Copy(capture), session.name());
    EXPECT_TRUE(sessions_->Get(session.name()).live());
  }
  client().Stop(capture.name());
  watch.WaitForEnd();
  ExpectAnswersOf(Copy(capture), session.name());
}

TEST_F(SessionLiveTest, LaterFramesChangeEarlierOnes) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  const SessionWatch watch(&*sessions_, session.name());
  dns_->Ask(1);
  watch.WaitForFrames(1);
  EXPECT_THAT(GetFrame(session.name(), 1).references(), IsEmpty());
  EXPECT_EQ(ListFrames(session.name(), "dns.response_in").total(), 0u);
  dns_->Answer(1);
  watch.WaitForFrames(2);
  const v1::GetFrameResponse frame = GetFrame(session.name(), 1);
  ASSERT_THAT(frame.references(), SizeIs(1));
  EXPECT_EQ(frame.references(0).frame_number(), 2u);
  EXPECT_EQ(frame.next_displayed_frame(), 2u);
  EXPECT_EQ(ListFrames(session.name(), "dns.response_in").total(), 1u);
}

TEST_F(SessionLiveTest, FilesOfACaptureAreReadOneAfterTheOther) {
  const v1::Capture capture = client().Create(FilesOfDns());
  Exchange(capture, 1, 12);
  const v1::Session session = Open(capture);
  const SessionWatch watch(&*sessions_, session.name());
  watch.WaitForFrames(24);
  EXPECT_EQ(IdsOf(session.name()), IdsUpTo(12));
  Exchange(capture, 13, 31);
  watch.WaitForFrames(62);
  EXPECT_EQ(IdsOf(session.name()), IdsUpTo(31));
  EXPECT_EQ(GetFrame(session.name(), 15).references(0).frame_number(), 16u);
  client().Stop(capture.name());
  watch.WaitForEnd();
  std::string files;
  for (const v1::CaptureFile& file : client().Files(capture.name())) {
    files += " " + PathOf(file);
  }
  const std::string merged = daemon().store().path() + "/merged.pcapng";
  OutputOf("mergecap -a -w " + merged + files + " 2>/dev/null");
  ExpectAnswersOf("merged.pcapng", session.name());
}

TEST_F(SessionLiveTest, FramesOfDeletedFilesStay) {
  const v1::Capture capture = client().Create(FilesOfDns(/*kept=*/2));
  const v1::Session session = Open(capture);
  const SessionWatch watch(&*sessions_, session.name());
  for (uint16_t number = 1; number <= 20; number += 2) {
    Exchange(capture, number, number + 1);
    watch.WaitForFrames(2u * (number + 1));
  }
  EXPECT_GT(client().Get(capture.name()).files_deleted(), 0u);
  EXPECT_EQ(IdsOf(session.name()), IdsUpTo(20));
  client().Stop(capture.name());
  watch.WaitForEnd();
  EXPECT_TRUE(client().Delete(capture.name(), true).ok());
  EXPECT_EQ(IdsOf(session.name()), IdsUpTo(20));
  EXPECT_EQ(GetFrame(session.name(), 1).references(0).frame_number(), 2u);
}

TEST_F(SessionLiveTest, CaptureThatHasEndedIsReadFirst) {
  const v1::Capture capture = client().Create(OfDns());
  Exchange(capture, 1, 5);
  client().Stop(capture.name());
  const v1::Session session = Open(capture);
  EXPECT_FALSE(session.live());
  EXPECT_EQ(session.frames(), 10u);
  ExpectAnswersOf(Copy(capture), session.name());
}

TEST_F(SessionLiveTest, AnotherProcessReadsOnWhenOneIsKilled) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  // A session with the same options shares its processes.
  const v1::Session other = Open(capture);
  const std::vector<pid_t> opened = daemon().WorkerPids();
  ASSERT_THAT(opened, SizeIs(1));
  Exchange(capture, 1, 3);
  const SessionWatch watch(&*sessions_, session.name());
  watch.WaitForFrames(6);
  std::vector<pid_t> reading = ChildrenOf(opened.front());
  ASSERT_THAT(reading, SizeIs(1));
  kill(reading.front(), SIGKILL);
  WaitFor("another process", [&] {
    const std::vector<pid_t> children = ChildrenOf(opened.front());
    return children.size() == 1 && children != reading;
  });
  Exchange(capture, 4, 6);
  watch.WaitForFrames(12);
  WaitFor("the sessions", [&] {
    return sessions_->Get(session.name()).state() == v1::SESSION_STATE_READY &&
           sessions_->Get(other.name()).state() == v1::SESSION_STATE_READY;
  });
  ExpectAnswersOf(Copy(capture), session.name());
  ExpectAnswersOf(Copy(capture), other.name());
}

TEST_F(SessionLiveTest, SessionFailsWithTheProcessThatHasOpenedTheCapture) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  const std::vector<pid_t> opened = daemon().WorkerPids();
  ASSERT_THAT(opened, SizeIs(1));
  kill(opened.front(), SIGKILL);
  WaitFor("the failure of the session", [&] {
    return sessions_->Get(session.name()).state() == v1::SESSION_STATE_FAILED;
  });
  EXPECT_EQ(sessions_->Get(session.name()).failure().reason(),
            "WORKER_CRASHED");
  daemon().WaitForNoWorkers();
  // The capture goes on.
  Exchange(capture, 1, 1);
  const v1::Session again = Open(capture);
  WaitFor("frames", [&] { return sessions_->Get(again.name()).frames() == 2; });
}

TEST_F(SessionLiveTest, ClosedSessionLeavesNothing) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  Exchange(capture, 1, 2);
  EXPECT_TRUE(sessions_->Close(session.name()).ok());
  daemon().WaitForNoWorkers();
}

TEST_F(SessionLiveTest, WrongRequestsAreRefused) {
  v1::OpenSessionRequest request;
  request.set_capture("captures/none");
  EXPECT_EQ(FailureOf(sessions_->Open(request).status).reason(),
            "CAPTURE_NOT_FOUND");
  request = RequestFor(client().Create(OfDns()));
  request.set_read_format("pcapng");
  EXPECT_EQ(FailureOf(sessions_->Open(request).status).reason(),
            "READ_FORMAT_LIVE");
  request.clear_read_format();
  request.mutable_options()->set_read_filter("no filter");
  EXPECT_EQ(FailureOf(sessions_->Open(request).status).reason(),
            "DISPLAY_FILTER_INVALID");
}

}  // namespace
}  // namespace dissectd
