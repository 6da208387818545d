// SPDX-License-Identifier: GPL-2.0-or-later

// Tests CaptureService.WatchCaptureStatistics.

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/util/time_util.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"

namespace dissectd {
namespace {

using google::protobuf::util::TimeUtil;

constexpr uint32_t kPayloadBytes = 100;
// The size includes the headers of UDP, IP and Ethernet.
constexpr uint32_t kPacketBytes = kPayloadBytes + 8 + 20 + 14;

// A call of WatchCaptureStatistics.
class StatisticsCall {
 public:
  StatisticsCall(const CaptureClient& client,
                 const v1::WatchCaptureStatisticsRequest& request) {
    CaptureClient::SetDeadline(&context_);
    reader_ = client.stub()->WatchCaptureStatistics(&context_, request);
  }

  bool Next(v1::WatchCaptureStatisticsResponse* response) {
    return reader_->Read(response);
  }
  void Cancel() { context_.TryCancel(); }
  grpc::Status Finish() { return reader_->Finish(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<v1::WatchCaptureStatisticsResponse>>
      reader_;
};

v1::WatchCaptureStatisticsRequest RequestOf(const std::string& capture,
                                            int64_t milliseconds) {
  v1::WatchCaptureStatisticsRequest request;
  request.set_name(capture);
  request.mutable_interval()->set_seconds(milliseconds / 1'000);
  request.mutable_interval()->set_nanos(
      static_cast<int32_t>(milliseconds % 1'000 * 1'000'000));
  return request;
}

UdpTraffic Packets(uint32_t first, uint32_t count) {
  UdpTraffic traffic;
  traffic.first = first;
  traffic.count = count;
  traffic.payload_size = kPayloadBytes;
  return traffic;
}

const v1::ProtocolCount* CountOf(const std::string& protocol,
                                 const v1::CaptureCounts& counts) {
  for (const v1::ProtocolCount& count : counts.protocols()) {
    if (count.name() == protocol) return &count;
  }
  return nullptr;
}

class CaptureStatisticsTest : public CaptureFixture {
 protected:
  std::string StartCapture() const {
    return client().Create(CaptureOf("lo")).name();
  }

  // Returns the times of a capture's packets in nanoseconds, read by tshark.
  std::vector<int64_t> TimesOfPackets(const v1::Capture& capture) const {
    const std::string command = "tshark -n -r '" +
                                PathOf(capture.current_file()) +
                                "' -T fields -e frame.time_epoch 2>/dev/null";
    FILE* pipe = popen(command.c_str(), "r");
    std::vector<int64_t> times;
    int64_t seconds = 0;
    int64_t nanoseconds = 0;
    while (std::fscanf(pipe, "%" SCNd64 ".%" SCNd64, &seconds, &nanoseconds) ==
           2) {
      times.push_back(seconds * 1'000'000'000 + nanoseconds);
    }
    EXPECT_EQ(pclose(pipe), 0);
    return times;
  }

  // Reads until the total reaches this number of packets. Returns the sum of
  // the intervals' counts.
  uint64_t ReadUntil(uint64_t packets, StatisticsCall* call,
                     v1::WatchCaptureStatisticsResponse* last) const {
    uint64_t counted = 0;
    while (last->totals().packets() < packets && call->Next(last)) {
      counted += last->counts().packets();
      EXPECT_EQ(last->counts().bytes(),
                last->counts().packets() * kPacketBytes);
    }
    EXPECT_EQ(last->totals().packets(), packets);
    return counted;
  }
};

TEST_F(CaptureStatisticsTest, CountsPacketsBytesAndProtocols) {
  const std::string capture = StartCapture();
  StatisticsCall call(client(), RequestOf(capture, 200));
  v1::WatchCaptureStatisticsResponse response;
  // An idle capture has statistics, too.
  ASSERT_TRUE(call.Next(&response));
  EXPECT_EQ(response.totals().packets(), 0u);
  EXPECT_GE(response.interval().nanos(), 190'000'000);
  SendUdp(Packets(1, 500));
  EXPECT_EQ(ReadUntil(500, &call, &response), 500u);
  EXPECT_EQ(response.totals().bytes(), 500u * kPacketBytes);
  for (const std::string protocol : {"eth", "ip", "udp"}) {
    const v1::ProtocolCount* count = CountOf(protocol, response.totals());
    ASSERT_NE(count, nullptr) << protocol;
    EXPECT_EQ(count->packets(), 500u) << protocol;
    EXPECT_EQ(count->bytes(), 500u * kPacketBytes) << protocol;
  }
  SendUdp(Packets(501, 100));
  client().WaitForPackets(capture, 600);
  client().Stop(capture);
  // The end of the capture ends the call, with all that was captured.
  uint64_t counted = 500;
  while (call.Next(&response)) counted += response.counts().packets();
  EXPECT_EQ(counted, 600u);
  EXPECT_EQ(response.totals().packets(), 600u);
  const grpc::Status status = call.Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
}

// dumpcap writes packets in bursts. Each interval counts exactly the packets
// that have a time within it.
TEST_F(CaptureStatisticsTest, CountsPacketsByTheirTimes) {
  // On a busy machine dumpcap may write packets a second late. The response
  // says so, and the test tries again.
  constexpr int kAttempts = 5;
  constexpr uint32_t kCount = 400;
  for (int i = 0; i < kAttempts; ++i) {
    const std::string capture = StartCapture();
    StatisticsCall call(client(), RequestOf(capture, 250));
    std::vector<v1::WatchCaptureStatisticsResponse> responses(1);
    ASSERT_TRUE(call.Next(&responses[0]));
    UdpTraffic traffic = Packets(1, kCount);
    traffic.gap = std::chrono::milliseconds(10);
    SendUdp(traffic);
    client().WaitForPackets(capture, kCount);
    const v1::Capture ended = client().Stop(capture);
    v1::WatchCaptureStatisticsResponse next;
    while (call.Next(&next)) responses.push_back(next);
    EXPECT_TRUE(call.Finish().ok());
    EXPECT_EQ(responses.back().totals().packets(), kCount);
    EXPECT_GE(responses.size(), 16u);
    const auto is_late =
        [](const v1::WatchCaptureStatisticsResponse& response) {
          return response.late_packets() != 0;
        };
    if (std::any_of(responses.begin(), responses.end(), is_late)) continue;
    const std::vector<int64_t> times = TimesOfPackets(ended);
    ASSERT_EQ(times.size(), kCount);
    for (const v1::WatchCaptureStatisticsResponse& response : responses) {
      const int64_t end = TimeUtil::TimestampToNanoseconds(response.time());
      const int64_t begin =
          end - TimeUtil::DurationToNanoseconds(response.interval());
      const auto expected = std::count_if(
          times.begin(), times.end(),
          [&](int64_t time) { return time >= begin && time < end; });
      EXPECT_EQ(response.counts().packets(), static_cast<uint64_t>(expected));
      EXPECT_EQ(response.counts().bytes(),
                static_cast<uint64_t>(expected) * kPacketBytes);
    }
    return;
  }
  FAIL() << "packets were late each time";
}

TEST_F(CaptureStatisticsTest, WhoJoinsLaterCountsFromThen) {
  const std::string capture = StartCapture();
  SendUdp(Packets(1, 300));
  client().WaitForPackets(capture, 300);
  StatisticsCall call(client(), RequestOf(capture, 100));
  v1::WatchCaptureStatisticsResponse response;
  ASSERT_TRUE(call.Next(&response));
  EXPECT_EQ(response.totals().packets(), 300u);
  EXPECT_EQ(response.counts().packets(), 0u);
  SendUdp(Packets(301, 50));
  EXPECT_EQ(ReadUntil(350, &call, &response), 50u);
}

TEST_F(CaptureStatisticsTest, AllWhoWatchShareOneWorker) {
  const std::string capture = StartCapture();
  std::vector<std::unique_ptr<StatisticsCall>> calls;
  v1::WatchCaptureStatisticsResponse response;
  for (int i = 0; i < 8; ++i) {
    calls.push_back(std::make_unique<StatisticsCall>(
        client(), RequestOf(capture, 100 + 20 * i)));
    ASSERT_TRUE(calls.back()->Next(&response));
  }
  EXPECT_EQ(daemon().WorkerPids().size(), 1u);
  SendUdp(Packets(1, 200));
  for (const auto& call : calls) {
    response.Clear();
    EXPECT_EQ(ReadUntil(200, call.get(), &response), 200u);
  }
  for (const auto& call : calls) call->Cancel();
  calls.clear();
  daemon().WaitForNoWorkers();
}

TEST_F(CaptureStatisticsTest, NamesTheTopProtocolsOnly) {
  const std::string capture = StartCapture();
  v1::WatchCaptureStatisticsRequest request = RequestOf(capture, 100);
  request.set_top_protocols(1);
  StatisticsCall call(client(), request);
  SendUdp(Packets(1, 100));
  v1::WatchCaptureStatisticsResponse response;
  ReadUntil(100, &call, &response);
  // Each packet has all protocols, so that names decide their order.
  ASSERT_EQ(response.totals().protocols_size(), 1);
}

TEST_F(CaptureStatisticsTest, RefusesWhatMakesNoSense) {
  const std::string capture = StartCapture();
  struct Case {
    v1::WatchCaptureStatisticsRequest request;
    grpc::StatusCode code;
    std::string reason;
  };
  for (const Case& wrong : std::vector<Case>{
           {RequestOf("captures/none", 1'000), grpc::StatusCode::NOT_FOUND,
            "CAPTURE_NOT_FOUND"},
           {RequestOf(capture, 99), grpc::StatusCode::INVALID_ARGUMENT,
            "INTERVAL_INVALID"},
           {RequestOf(capture, -1'000), grpc::StatusCode::INVALID_ARGUMENT,
            "INTERVAL_INVALID"},
           {RequestOf(capture, 3'600'001), grpc::StatusCode::INVALID_ARGUMENT,
            "INTERVAL_INVALID"}}) {
    StatisticsCall call(client(), wrong.request);
    v1::WatchCaptureStatisticsResponse response;
    EXPECT_FALSE(call.Next(&response));
    const grpc::Status status = call.Finish();
    EXPECT_EQ(status.error_code(), wrong.code);
    EXPECT_EQ(FailureOf(status).reason(), wrong.reason);
  }
}

// All watchers learn that a worker died, and the next watcher gets another
// worker.
TEST_F(CaptureStatisticsTest, OutlivesItsWorker) {
  const std::string capture = StartCapture();
  SendUdp(Packets(1, 10));
  client().WaitForPackets(capture, 10);
  StatisticsCall first(client(), RequestOf(capture, 100));
  v1::WatchCaptureStatisticsResponse response;
  ASSERT_TRUE(first.Next(&response));
  ASSERT_EQ(daemon().WorkerPids().size(), 1u);
  kill(daemon().WorkerPids()[0], SIGKILL);
  while (first.Next(&response)) {
  }
  const grpc::Status status = first.Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_EQ(FailureOf(status).reason(), "WORKER_CRASHED");
  StatisticsCall second(client(), RequestOf(capture, 100));
  ASSERT_TRUE(second.Next(&response));
  EXPECT_EQ(response.totals().packets(), 10u);
  EXPECT_EQ(client().Get(capture).state(), v1::CAPTURE_STATE_RUNNING);
}

}  // namespace
}  // namespace dissectd
