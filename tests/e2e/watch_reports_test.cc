// SPDX-License-Identifier: GPL-2.0-or-later

// Tests AnalysisService.WatchStatistics.

#include <gmock/gmock.h>
#include <google/protobuf/util/time_util.h>
#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dissectd/v1/analysis.grpc.pb.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using google::protobuf::util::TimeUtil;
using ::testing::SizeIs;

v1::WatchStatisticsRequest RequestFor(const v1::Capture& capture) {
  v1::WatchStatisticsRequest request;
  request.set_capture(capture.name());
  request.set_text(true);
  request.add_reports()->set_argument("conv,udp");
  request.add_reports()->set_argument("io,phs");
  request.add_reports()->set_argument("endpoints,ip");
  *request.mutable_interval() = TimeUtil::MillisecondsToDuration(100);
  return request;
}

// The results between two ends of rounds.
struct Round {
  std::vector<v1::ReportResult> results;
  uint32_t frames = 0;
};

// Returns the number of frames of all conversations.
uint64_t FramesOf(const Round& round) {
  uint64_t frames = 0;
  for (const v1::ReportResult& result : round.results) {
    for (const v1::Conversation& row : result.conversations().conversations()) {
      frames += row.a_to_b().frames() + row.b_to_a().frames();
    }
  }
  return frames;
}

std::string TextOf(const std::vector<v1::ReportResult>& results) {
  std::string text;
  for (const v1::ReportResult& result : results) {
    text += result.ShortDebugString() + "\n";
  }
  return text;
}

// A call of WatchStatistics.
class Watch {
 public:
  Watch(const std::shared_ptr<grpc::Channel>& channel,
        const v1::WatchStatisticsRequest& request)
      : stub_(v1::AnalysisService::NewStub(channel)),
        reader_(stub_->WatchStatistics(&context_, request)) {}
  ~Watch() {
    if (!finished_) Cancel();
  }
  Watch(const Watch&) = delete;
  Watch& operator=(const Watch&) = delete;

  // Reads a round. Returns nothing after the last one.
  std::optional<Round> Next() {
    Round round;
    v1::WatchStatisticsResponse response;
    while (reader_->Read(&response)) {
      if (response.has_result()) {
        round.results.push_back(response.result());
      } else if (response.has_round()) {
        round.frames = response.round().frames_read();
        return round;
      } else {
        end_ = response.end();
      }
    }
    EXPECT_THAT(round.results, SizeIs(0));
    return std::nullopt;
  }

  // Reads rounds until one has this number of frames, and expects that each
  // has more than the one before.
  Round AwaitFrames(uint32_t frames) {
    while (true) {
      const std::optional<Round> round = Next();
      if (!round.has_value()) break;
      EXPECT_GT(round->frames, frames_);
      EXPECT_EQ(FramesOf(*round), round->frames);
      frames_ = round->frames;
      if (frames_ >= frames) return *round;
    }
    ADD_FAILURE() << "the rounds have ended";
    return {};
  }

  void Cancel() {
    context_.TryCancel();
    Finish();
  }
  grpc::Status Finish() {
    v1::WatchStatisticsResponse response;
    while (reader_->Read(&response)) {
    }
    finished_ = true;
    return reader_->Finish();
  }
  const v1::AnalysisEnd& end() const { return end_; }

 private:
  grpc::ClientContext context_;
  const std::unique_ptr<v1::AnalysisService::Stub> stub_;
  const std::unique_ptr<grpc::ClientReader<v1::WatchStatisticsResponse>>
      reader_;
  uint32_t frames_ = 0;
  v1::AnalysisEnd end_;
  bool finished_ = false;
};

class WatchReportsTest : public CaptureFixture {
 protected:
  // Returns a running capture that has the given number of packets.
  v1::Capture Begin(uint32_t packets) {
    const v1::Capture capture = client().Create(CaptureOf("lo"));
    Send(capture, 1, packets);
    return capture;
  }

  void Send(const v1::Capture& capture, uint32_t first, uint32_t last) {
    UdpTraffic traffic;
    traffic.first = first;
    traffic.count = last - first + 1;
    traffic.payload_size = 100;
    SendUdp(traffic);
    client().WaitForPackets(capture.name(), last);
  }

  // Returns what RunStatistics sends about the only file of a capture.
  std::vector<v1::ReportResult> Expected(
      const v1::Capture& capture, const v1::WatchStatisticsRequest& watched) {
    v1::RunStatisticsRequest request;
    request.mutable_source()->set_file(
        client().Files(capture.name()).front().file());
    *request.mutable_reports() = watched.reports();
    request.set_text(watched.text());
    grpc::ClientContext context;
    const auto stub = v1::AnalysisService::NewStub(channel());
    const auto reader = stub->RunStatistics(&context, request);
    std::vector<v1::ReportResult> results;
    v1::RunStatisticsResponse response;
    while (reader->Read(&response)) {
      if (response.has_result()) results.push_back(response.result());
    }
    const grpc::Status status = reader->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return results;
  }

  // Expects that no more rounds come than one for the file of a capture that
  // has ended.
  void ExpectLastRound(const v1::Capture& capture,
                       const v1::WatchStatisticsRequest& request,
                       uint32_t frames, Watch* watch) {
    const std::optional<Round> last = watch->Next();
    ASSERT_TRUE(last.has_value());
    EXPECT_EQ(last->frames, frames);
    EXPECT_EQ(TextOf(last->results), TextOf(Expected(capture, request)));
    EXPECT_FALSE(watch->Next().has_value());
    EXPECT_EQ(watch->end().frames_read(), frames);
    EXPECT_TRUE(watch->Finish().ok());
  }

  // Returns a channel that never lets the daemon send more before it is read.
  std::shared_ptr<grpc::Channel> ConnectWithSmallWindow() const {
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(-1);
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    return grpc::CreateCustomChannel(
        daemon().address(), grpc::InsecureChannelCredentials(), arguments);
  }

  std::string ReasonOf(const v1::WatchStatisticsRequest& request) {
    return FailureOf(Watch(channel(), request).Finish()).reason();
  }
};

TEST_F(WatchReportsTest, RoundsCountUpToWhatTheFileHas) {
  const v1::Capture capture = Begin(5);
  const v1::WatchStatisticsRequest request = RequestFor(capture);
  Watch watch(channel(), request);
  watch.AwaitFrames(5);
  Send(capture, 6, 7);
  watch.AwaitFrames(7);
  Send(capture, 8, 2000);
  watch.AwaitFrames(2000);
  client().Stop(capture.name());
  ExpectLastRound(capture, request, 2000, &watch);
}

TEST_F(WatchReportsTest, ResultsOfAllFramesComeInEachRound) {
  const v1::Capture capture = Begin(5);
  v1::WatchStatisticsRequest request = RequestFor(capture);
  // Each has its own way to collect what it prints.
  for (const char* argument :
       {"expert", "plen,tree", "flow,any,standard", "io,stat,0.01,udp", "hosts",
        "follow,udp,hex,0", "diameter,avp", "ip_hosts,tree"}) {
    request.add_reports()->set_argument(argument);
  }
  Watch watch(channel(), request);
  watch.AwaitFrames(5);
  Send(capture, 6, 20);
  watch.AwaitFrames(20);
  client().Stop(capture.name());
  ExpectLastRound(capture, request, 20, &watch);
}

TEST_F(WatchReportsTest, CaptureThatHasEndedHasOneRound) {
  const v1::Capture capture = Begin(5);
  client().Stop(capture.name());
  v1::WatchStatisticsRequest request = RequestFor(capture);
  request.clear_interval();
  request.set_text(false);
  Watch watch(channel(), request);
  ExpectLastRound(capture, request, 5, &watch);
}

TEST_F(WatchReportsTest, FilesOfACaptureAreReadOneAfterTheOther) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_ring()->set_packets(10);
  const v1::Capture capture = client().Create(options);
  Watch watch(channel(), RequestFor(capture));
  Send(capture, 1, 35);
  watch.AwaitFrames(35);
  client().Stop(capture.name());
  const std::optional<Round> last = watch.Next();
  ASSERT_TRUE(last.has_value());
  EXPECT_EQ(last->frames, 35u);
}

TEST_F(WatchReportsTest, ClientThatPausesGetsNoRoundsThatItMissed) {
  constexpr uint32_t kFrames = 5000;
  constexpr uint32_t kMissedRounds = 20;
  constexpr size_t kMaxGrowth = 16 << 20;
  const v1::Capture capture = Begin(kFrames);
  v1::WatchStatisticsRequest request = RequestFor(capture);
  // A round has more than a megabyte: more than buffers on the way hold.
  request.add_reports()->set_argument("follow,udp,hex,0");
  Watch slow(ConnectWithSmallWindow(), request);
  slow.AwaitFrames(kFrames);
  Watch fast(channel(), request);
  fast.AwaitFrames(kFrames);
  const size_t memory = ResidentBytes(daemon().pid());
  uint32_t frames = kFrames;
  for (uint32_t i = 0; i < kMissedRounds; ++i) {
    ++frames;
    Send(capture, frames, frames);
    fast.AwaitFrames(frames);
  }
  EXPECT_LT(ResidentBytes(daemon().pid()), memory + kMaxGrowth);
  // The one that was under way when the client paused, and perhaps the next one
  // come before that with all frames.
  uint32_t rounds = 0;
  for (uint32_t last = 0; last < frames; ++rounds) {
    const std::optional<Round> round = slow.Next();
    ASSERT_TRUE(round.has_value());
    EXPECT_EQ(FramesOf(*round), round->frames);
    last = round->frames;
  }
  EXPECT_LE(rounds, 4u);
  client().Stop(capture.name());
  ExpectLastRound(capture, request, frames, &slow);
}

TEST_F(WatchReportsTest, ClientThatGoesEndsTheWorker) {
  const v1::Capture capture = Begin(5);
  Watch watch(channel(), RequestFor(capture));
  watch.AwaitFrames(5);
  EXPECT_THAT(daemon().WorkerPids(), SizeIs(1));
  watch.Cancel();
  daemon().WaitForNoWorkers();
}

TEST_F(WatchReportsTest, KilledWorkerEndsTheCall) {
  const v1::Capture capture = Begin(5);
  Watch watch(channel(), RequestFor(capture));
  watch.AwaitFrames(5);
  const std::vector<pid_t> workers = daemon().WorkerPids();
  ASSERT_THAT(workers, SizeIs(1));
  kill(workers.front(), SIGKILL);
  EXPECT_EQ(FailureOf(watch.Finish()).reason(), "WORKER_CRASHED");
  daemon().WaitForNoWorkers();
}

TEST_F(WatchReportsTest, WrongRequestsAreRefused) {
  const v1::WatchStatisticsRequest valid = RequestFor(Begin(1));
  v1::WatchStatisticsRequest request = valid;
  request.set_capture("captures/none");
  EXPECT_EQ(ReasonOf(request), "CAPTURE_NOT_FOUND");
  for (const int64_t milliseconds : {-1, 0, 99, 86'400'001}) {
    request = valid;
    *request.mutable_interval() =
        TimeUtil::MillisecondsToDuration(milliseconds);
    EXPECT_EQ(ReasonOf(request), "INTERVAL_INVALID");
  }
  request = valid;
  request.mutable_options()->set_two_pass(true);
  EXPECT_EQ(ReasonOf(request), "TWO_PASSES_LIVE");
  request = valid;
  request.clear_reports();
  EXPECT_EQ(ReasonOf(request), "REPORT_COUNT_INVALID");
  request = valid;
  request.mutable_reports(0)->set_argument("nothing");
  EXPECT_EQ(ReasonOf(request), "REPORT_UNKNOWN");
  request = valid;
  request.mutable_reports(0)->set_argument("conv,udp,no filter");
  EXPECT_EQ(ReasonOf(request), "DISPLAY_FILTER_INVALID");
}

}  // namespace
}  // namespace dissectd
