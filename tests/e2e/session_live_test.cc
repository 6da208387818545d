// SPDX-License-Identifier: GPL-2.0-or-later

// Opens sessions on captures that run, and compares what they answer with files
// that have exactly their frames.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <atomic>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/command.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/loopback_traffic.h"
#include "tests/e2e/process_children.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kAnswers[] = "dns.flags.response == 1";

v1::OpenSessionRequest RequestFor(const v1::Capture& capture) {
  v1::OpenSessionRequest request;
  request.set_capture(capture.name());
  return request;
}

// Watches a session in a thread until it is closed, or the call is cancelled.
class SessionWatch {
 public:
  SessionWatch(SessionClient* client, const std::string& session)
      : thread_([this, client, session] {
          v1::WatchSessionRequest request;
          request.set_name(session);
          const auto reader = client->stub()->WatchSession(&context_, request);
          v1::WatchSessionResponse response;
          while (reader->Read(&response)) {
            if (!response.has_session()) continue;
            EXPECT_GE(response.session().frames(), frames_);
            frames_ = response.session().frames();
            live_ = response.session().live();
          }
          reader->Finish();
        }) {}
  ~SessionWatch() {
    context_.TryCancel();
    thread_.join();
  }
  SessionWatch(const SessionWatch&) = delete;
  SessionWatch& operator=(const SessionWatch&) = delete;

  void WaitForFrames(uint32_t frames) const {
    WaitFor("frames", [&] { return frames_ >= frames; });
    EXPECT_EQ(frames_, frames);
  }
  void WaitForEnd() const {
    WaitFor("the end of the capture", [&] { return !live_; });
  }

 private:
  grpc::ClientContext context_;
  std::atomic<uint32_t> frames_ = 0;
  std::atomic<bool> live_ = true;
  std::thread thread_;
};

class SessionLiveTest : public CaptureFixture {
 protected:
  void SetUp() override {
    CaptureFixture::SetUp();
    if (IsSkipped()) return;
    sessions_.emplace(channel());
    dns_.emplace();
  }

  v1::Session Open(const v1::Capture& capture) {
    const OpenedSession opened = sessions_->Open(RequestFor(capture));
    EXPECT_TRUE(opened.status.ok()) << opened.status.error_message();
    EXPECT_EQ(opened.session().state(), v1::SESSION_STATE_READY);
    EXPECT_EQ(opened.session().file(), capture.name());
    return opened.session();
  }

  // Asks and answers the questions with these numbers, each of which has two
  // frames.
  void Exchange(const v1::Capture& capture, uint16_t first, uint16_t last) {
    for (uint16_t number = first; number <= last; ++number) {
      dns_->Ask(number);
      dns_->Answer(number);
    }
    client().WaitForPackets(capture.name(), uint64_t{2} * last);
  }

  // Copies what a capture with one file has so far into a file of the store.
  std::string Copy(const v1::Capture& capture) const {
    const std::string name = "copy" + std::to_string(++copies_) + ".pcapng";
    std::filesystem::copy_file(PathOf(client().Files(capture.name()).front()),
                               daemon().store().path() + "/" + name);
    return name;
  }

  v1::GetFrameResponse GetFrame(const std::string& session, uint32_t frame) {
    v1::GetFrameResponse response;
    const grpc::Status status =
        sessions_->GetFrame(WholeFrame(session, frame), &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    // It is about the first file, as it was when it was opened.
    response.mutable_header()->clear_file();
    return response;
  }

  v1::ListFramesResponse ListFrames(const std::string& session,
                                    const std::string& filter,
                                    uint32_t sort_column = 0) {
    v1::ListFramesRequest request;
    request.set_session(session);
    request.set_display_filter(filter);
    request.mutable_columns()->set_use_profile_columns(true);
    request.set_limit(1000);
    request.set_sort_column(sort_column);
    v1::ListFramesResponse response;
    const grpc::Status status = sessions_->ListFrames(request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    return response;
  }

  // Returns all messages of a report, but the progress.
  std::vector<std::string> Report(const std::string& session) const {
    v1::RunStatisticsRequest request;
    request.mutable_source()->set_session(session);
    request.set_text(true);
    request.add_reports()->set_argument("conv,udp");
    request.add_reports()->set_argument("dns,tree");
    grpc::ClientContext context;
    const auto stub = v1::AnalysisService::NewStub(channel());
    const auto reader = stub->RunStatistics(&context, request);
    std::vector<std::string> messages;
    v1::RunStatisticsResponse response;
    while (reader->Read(&response)) {
      if (response.has_progress()) continue;
      messages.push_back(response.SerializeAsString());
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return messages;
  }

  // Expects that a session answers as one of the file does, which Dissect with
  // two passes and tshark agree with.
  void ExpectAnswersOf(const std::string& file, const std::string& session) {
    const v1::Session expected = sessions_->Open(file);
    ASSERT_EQ(sessions_->Get(session).frames(), expected.frames());
    for (uint32_t frame = expected.frames(); frame >= 1; --frame) {
      EXPECT_EQ(GetFrame(session, frame).DebugString(),
                GetFrame(expected.name(), frame).DebugString());
    }
    for (const char* filter :
         {"", kAnswers, "dns.response_in || http.response_in"}) {
      for (const uint32_t column : {0u, 7u}) {
        EXPECT_EQ(ListFrames(session, filter, column).DebugString(),
                  ListFrames(expected.name(), filter, column).DebugString());
      }
    }
    EXPECT_EQ(Report(session), Report(expected.name()));
    EXPECT_TRUE(sessions_->Close(expected.name()).ok());
    ExpectListOfTshark(file, session);
  }

  void ExpectListOfTshark(const std::string& file, const std::string& session) {
    std::string list;
    const v1::ListFramesResponse frames = ListFrames(session, "");
    for (const v1::FrameSummary& frame : frames.frames()) {
      list += std::to_string(frame.number()) + "\t" +
              frame.columns(frame.columns_size() - 1) + "\n";
    }
    EXPECT_EQ(
        list,
        OutputOf("tshark -2 -r " + daemon().store().path() + "/" + file +
                 " -T fields -e frame.number -e _ws.col.Info 2>/dev/null"));
  }

  // Returns the numbers in the payloads of all frames.
  std::vector<uint32_t> IdsOf(const std::string& session) const {
    v1::DissectRequest request;
    request.set_session(session);
    request.mutable_view()->add_fields("dns.id");
    std::vector<uint32_t> ids;
    uint32_t number = 0;
    for (const v1::PlainFrame& frame : Dissect(channel(), request).Frames()) {
      EXPECT_EQ(frame.number(), ++number);
      ids.push_back(frame.fields(0).uint32_value());
    }
    return ids;
  }

  std::optional<SessionClient> sessions_;
  std::optional<LoopbackDns> dns_;
  mutable int copies_ = 0;
};

v1::CaptureOptions OfDns() {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_interfaces(0)->set_capture_filter("udp port 53");
  return options;
}

// Returns each number from 1 on twice.
std::vector<uint32_t> IdsUpTo(uint32_t last) {
  std::vector<uint32_t> ids;
  for (uint32_t id = 1; id <= last; ++id) ids.insert(ids.end(), {id, id});
  return ids;
}

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
  v1::CaptureOptions options = OfDns();
  options.mutable_ring()->set_packets(10);
  const v1::Capture capture = client().Create(options);
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
  v1::CaptureOptions options = OfDns();
  options.mutable_ring()->set_packets(10);
  options.mutable_ring()->set_files(2);
  const v1::Capture capture = client().Create(options);
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

TEST_F(SessionLiveTest, SessionFailsWithTheProcessThatReads) {
  const v1::Capture capture = client().Create(OfDns());
  const v1::Session session = Open(capture);
  // A session with the same options shares its processes.
  const v1::Session other = Open(capture);
  const std::vector<pid_t> opened = daemon().WorkerPids();
  ASSERT_THAT(opened, SizeIs(1));
  std::vector<pid_t> reading;
  WaitFor("the process that reads", [&] {
    reading = ChildrenOf(opened.front());
    return reading.size() == 1;
  });
  ASSERT_THAT(reading, SizeIs(1));
  kill(reading.front(), SIGKILL);
  WaitFor("the failure of the sessions", [&] {
    return sessions_->Get(session.name()).state() == v1::SESSION_STATE_FAILED &&
           sessions_->Get(other.name()).state() == v1::SESSION_STATE_FAILED;
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
