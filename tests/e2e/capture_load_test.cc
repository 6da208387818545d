// SPDX-License-Identifier: GPL-2.0-or-later

// Tests many clients of captures, slow clients, and clients that come and go.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "tests/decoding/plain_frames.h"
#include "tests/e2e/capture_client.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/network_namespace.h"

namespace dissectd {
namespace {

using std::chrono::microseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

UdpTraffic Packets(uint32_t first, uint32_t count, microseconds gap) {
  UdpTraffic traffic;
  traffic.first = first;
  traffic.count = count;
  traffic.gap = gap;
  return traffic;
}

class CaptureLoadTest : public CaptureFixture {
 protected:
  void TearDown() override {
    if (!IsSkipped()) ExpectServing(daemon());
  }
};

TEST_F(CaptureLoadTest, AReaderThatPausesLosesNothing) {
  constexpr uint32_t kFrames = 60'000;
  constexpr size_t kMaxGrowth = 64 << 20;
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  v1::DissectRequest request = LiveDissection::RequestFor(capture.name());
  request.mutable_view()->set_bytes(v1::BYTE_DETAIL_FRAME);
  request.mutable_view()->set_tree(v1::TREE_DETAIL_FULL);
  request.mutable_view()->set_labels(true);
  Dissection slow(daemon().Connect(), request);
  v1::DissectResponse response;
  ASSERT_TRUE(slow.Next(&response));
  const size_t memory = ResidentBytes(daemon().pid());
  const auto begin = steady_clock::now();
  SendUdp(Packets(1, kFrames, microseconds(1000)));
  EXPECT_GE(steady_clock::now() - begin, seconds(60));
  client().WaitForPackets(capture.name(), kFrames);
  EXPECT_LT(ResidentBytes(daemon().pid()), memory + kMaxGrowth);
  EXPECT_EQ(daemon().WorkerPids().size(), 1u);
  std::vector<v1::DissectResponse> messages;
  size_t count = 0;
  while (count < kFrames && slow.Next(&response)) {
    count += static_cast<size_t>(response.batch().frames_size());
    messages.push_back(response);
  }
  // The client has caught up.
  SendUdp(Packets(kFrames + 1, 100, microseconds(0)));
  client().WaitForPackets(capture.name(), kFrames + 100);
  const v1::Capture ended = client().Stop(capture.name());
  while (slow.Next(&response)) messages.push_back(response);
  EXPECT_TRUE(slow.Finish().ok());
  EXPECT_EQ(response.end().frames_sent(), kFrames + 100);
  EXPECT_EQ(ended.stopped().packets_dropped(), 0u);
  const std::vector<StoredPacket> packets = PacketsOf(ended);
  EXPECT_EQ(NumbersOf(packets), Range(1, kFrames + 100));
  const std::vector<v1::PlainFrame> frames = PlainFrames(messages);
  EXPECT_EQ(frames.size(), packets.size());
  ExpectSameBytes(frames, packets);
}

TEST_F(CaptureLoadTest, AllWatchersSeeTheSame) {
  constexpr int kWatchers = 50;
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  std::vector<std::string> seen(kWatchers);
  std::vector<std::thread> watchers;
  watchers.reserve(seen.size());
  std::atomic<int> watching = 0;
  for (std::string& events : seen) {
    watchers.emplace_back([&] {
      const CaptureClient client(daemon().Connect());
      grpc::ClientContext context;
      CaptureClient::SetDeadline(&context);
      v1::WatchCaptureRequest request;
      request.set_name(capture.name());
      const auto reader = client.stub()->WatchCapture(&context, request);
      v1::WatchCaptureResponse response;
      for (int i = 0; reader->Read(&response); ++i) {
        if (i == 0) ++watching;
        events += response.event().ShortDebugString() + "\n";
      }
      EXPECT_TRUE(reader->Finish().ok());
    });
  }
  WaitFor("all watchers", [&] { return watching == kWatchers; });
  for (uint32_t i = 0; i < 10; ++i) {
    SendUdp(Packets(1 + i * 30, 30, microseconds(100)));
    client().WaitForPackets(capture.name(), uint64_t{i + 1} * 30);
  }
  const v1::Capture ended = client().Stop(capture.name());
  for (std::thread& watcher : watchers) watcher.join();
  for (const std::string& events : seen) EXPECT_EQ(events, seen[0]);
  uint64_t total = 0;
  uint64_t sequence = 0;
  for (const v1::CaptureEvent& event : client().Watch(capture.name())) {
    EXPECT_EQ(event.sequence(), ++sequence);
    total += event.packets_written().new_packets();
    if (event.has_packets_written()) {
      EXPECT_EQ(event.packets_written().total_packets(), total);
    }
  }
  EXPECT_EQ(total, 300u);
  EXPECT_EQ(sequence, ended.last_sequence());
  EXPECT_EQ(NumbersOf(PacketsOf(ended)), Range(1, 300));
}

TEST_F(CaptureLoadTest, ManyCapturesAtOnce) {
  constexpr int kCaptures = 20;
  std::vector<v1::Capture> captures(kCaptures);
  std::vector<std::thread> calls;
  calls.reserve(captures.size());
  for (v1::Capture& capture : captures) {
    calls.emplace_back([&] { capture = client().Create(CaptureOf("lo")); });
  }
  for (std::thread& call : calls) call.join();
  EXPECT_EQ(client().List().size(), size_t{kCaptures});
  EXPECT_EQ(DumpcapsOf(daemon().pid()).size(), size_t{kCaptures});
  std::vector<std::unique_ptr<LiveDissection>> readers;
  for (const v1::Capture& capture : captures) {
    v1::DissectRequest request = LiveDissection::RequestFor(capture.name());
    request.mutable_view()->set_bytes(v1::BYTE_DETAIL_FRAME);
    readers.push_back(
        std::make_unique<LiveDissection>(daemon().Connect(), request));
  }
  SendUdp(Packets(1, 500, microseconds(1000)));
  for (int i = 0; i < kCaptures; ++i) {
    client().WaitForPackets(captures[i].name(), 500);
    const v1::Capture ended = client().Stop(captures[i].name());
    EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_REQUESTED);
    EXPECT_EQ(ended.stopped().packets_dropped(), 0u);
    const std::vector<StoredPacket> packets = PacketsOf(ended);
    EXPECT_EQ(NumbersOf(packets), Range(1, 500));
    const grpc::Status status = readers[i]->Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(readers[i]->Frames().size(), 500u);
    ExpectSameBytes(readers[i]->Frames(), packets);
  }
}

TEST_F(CaptureLoadTest, ReadersThatComeAndGoLeaveNothing) {
  constexpr int kCycles = 30;
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp(Packets(1, 10, microseconds(0)));
  client().WaitForPackets(capture.name(), 10);
  const auto cycle = [&](int how) {
    LiveDissection reader(daemon().Connect(),
                          LiveDissection::RequestFor(capture.name()));
    if (how == 1) reader.WaitForHeader();
    if (how == 2) reader.WaitForFrames(10);
    reader.Cancel();
    EXPECT_EQ(reader.Finish().error_code(), grpc::StatusCode::CANCELLED);
  };
  // Everything that is opened once and kept is open now.
  cycle(2);
  daemon().WaitForNoWorkers();
  const size_t descriptors = daemon().OpenFileDescriptors();
  for (int i = 0; i < kCycles; ++i) cycle(i % 3);
  daemon().WaitForNoWorkers();
  WaitFor("all descriptors to be closed",
          [&] { return daemon().OpenFileDescriptors() <= descriptors; });
  EXPECT_EQ(DumpcapsOf(daemon().pid()).size(), 1u);
  SendUdp(Packets(11, 10, microseconds(0)));
  client().WaitForPackets(capture.name(), 20);
  EXPECT_EQ(NumbersOf(PacketsOf(client().Stop(capture.name()))), Range(1, 20));
}

// A capture outlives the call that created it, even if the client never learns
// its name.
TEST_F(CaptureLoadTest, AClientThatVanishesWhileItCreatesACapture) {
  v1::CreateCaptureRequest request;
  *request.mutable_options() = CaptureOf("lo");
  for (int i = 0; i < 10; ++i) {
    request.set_request_id("request " + std::to_string(i));
    v1::CreateCaptureResponse response;
    grpc::ClientContext context;
    std::thread call(
        [&] { client().stub()->CreateCapture(&context, request, &response); });
    if (i % 2 == 0) {
      WaitFor("dumpcap", [&] {
        return DumpcapsOf(daemon().pid()).size() > static_cast<size_t>(i);
      });
    }
    context.TryCancel();
    call.join();
    // Repeating the request finds or creates the capture.
    const grpc::Status status = client().Call(
        &v1::CaptureService::Stub::CreateCapture, request, &response);
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(response.capture().state(), v1::CAPTURE_STATE_RUNNING);
    EXPECT_EQ(client().List().size(), static_cast<size_t>(i + 1));
  }
  EXPECT_EQ(DumpcapsOf(daemon().pid()).size(), 10u);
  for (const v1::Capture& capture : client().List()) {
    client().Stop(capture.name());
    EXPECT_TRUE(client().Delete(capture.name(), true).ok());
  }
}

}  // namespace
}  // namespace dissectd
