// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what happens to a capture and its watchers when a process, an interface
// or the store goes away.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "tests/e2e/capture_client.h"
#include "tests/e2e/capture_faults.h"
#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/network_namespace.h"

namespace dissectd {
namespace {

using grpc::StatusCode;
using std::chrono::seconds;
using std::chrono::steady_clock;

v1::DissectRequest RequestWithBytes(const std::string& capture) {
  v1::DissectRequest request = LiveDissection::RequestFor(capture);
  request.mutable_view()->set_bytes(v1::BYTE_DETAIL_FRAME);
  return request;
}

UdpTraffic Packets(uint32_t first, uint32_t count) {
  UdpTraffic traffic;
  traffic.first = first;
  traffic.count = count;
  return traffic;
}

// Returns the text of a message among the events; empty if there is none.
std::string FindMessage(const std::vector<v1::CaptureEvent>& events,
                        const std::string& part) {
  for (const v1::CaptureEvent& event : events) {
    if (event.message().primary().find(part) != std::string::npos) {
      return event.message().primary();
    }
  }
  return std::string();
}

class CaptureFaultTest : public CaptureFixture {
 protected:
  using CaptureFixture::CaptureFixture;

  void TearDown() override {
    if (!IsSkipped()) ExpectServing(daemon());
  }

  // Returns a running capture that has the given number of packets.
  v1::Capture BeginWith(uint32_t packets) {
    const v1::Capture capture = client().Create(CaptureOf("lo"));
    SendUdp(Packets(1, packets));
    return client().WaitForPackets(capture.name(), packets);
  }

  pid_t Dumpcap() const {
    const std::vector<pid_t> dumpcaps = DumpcapsOf(daemon().pid());
    EXPECT_EQ(dumpcaps.size(), 1u);
    return dumpcaps.size() == 1 ? dumpcaps[0] : 0;
  }

  // Expects that all complete frames of a capture can be read, although a fault
  // may have cut its file short.
  void ExpectReadable(const v1::Capture& capture, uint32_t at_least) {
    const std::vector<StoredPacket> packets =
        ReadWholePackets(PathOf(capture.current_file()));
    EXPECT_GE(packets.size(), at_least);
    EXPECT_EQ(NumbersOf(packets),
              Range(1, static_cast<uint32_t>(packets.size())));
    LiveDissection after(daemon().Connect(), RequestWithBytes(capture.name()));
    const grpc::Status status = after.Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(after.Frames().size(), packets.size());
    ExpectSameBytes(after.Frames(), packets);
    const v1::StreamEnd end = after.End();
    EXPECT_EQ(end.frames_sent(), packets.size());
    if (end.reason() == v1::END_REASON_READ_ERROR) {
      EXPECT_EQ(end.read_error().reason(), "FILE_CUT_SHORT");
    } else {
      EXPECT_EQ(end.reason(), v1::END_REASON_END_OF_FILE);
    }
  }
};

TEST_F(CaptureFaultTest, DumpcapIsKilled) {
  const v1::Capture capture = BeginWith(200);
  LiveDissection live(daemon().Connect(), RequestWithBytes(capture.name()));
  live.WaitForFrames(200);
  kill(Dumpcap(), SIGKILL);
  const v1::Capture ended = client().WaitForEnd(capture.name());
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_FAILED);
  EXPECT_EQ(ended.stopped().failure().reason(), "DUMPCAP_FAILED");
  EXPECT_EQ(ended.stopped().signal(), SIGKILL);
  EXPECT_FALSE(ended.stopped().has_exit_status());
  EXPECT_EQ(ended.packets_written(), 200u);
  EXPECT_TRUE(live.Finish().ok());
  EXPECT_EQ(live.FrameNumbers(), Range(1, 200));
  ExpectReadable(ended, 200);
}

// dumpcap stops on these signals, and exits with status 0.
TEST_F(CaptureFaultTest, DumpcapIsStoppedByAnotherProcess) {
  for (const int signal : {SIGINT, SIGTERM}) {
    v1::CaptureOptions options = CaptureOf("lo");
    options.mutable_stop()->set_packets(1'000);
    options.mutable_stop()->mutable_duration()->set_seconds(1'000);
    options.mutable_stop()->set_file_size_kb(1'000);
    const v1::Capture capture = client().Create(options);
    SendUdp(Packets(1, 20));
    client().WaitForPackets(capture.name(), 20);
    kill(Dumpcap(), signal);
    const v1::Capture ended = client().WaitForEnd(capture.name());
    EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED);
    EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_FAILED);
    EXPECT_EQ(ended.stopped().failure().reason(), "DUMPCAP_FAILED");
    EXPECT_EQ(ended.stopped().exit_status(), 0);
    EXPECT_EQ(ended.packets_written(), 20u);
    ExpectReadable(ended, 20);
  }
}

// Kills dumpcap while it writes, so that the file may end anywhere.
TEST_F(CaptureFaultTest, DumpcapIsKilledUnderLoad) {
  for (int i = 0; i < 3; ++i) {
    v1::CaptureOptions options = CaptureOf("lo");
    options.mutable_interfaces(0)->set_buffer_mib(16);
    const v1::Capture capture = client().Create(options);
    LiveDissection live(daemon().Connect(), RequestWithBytes(capture.name()));
    UdpTraffic traffic = Packets(1, 3000);
    traffic.payload_size = 1000;
    SendUdp(traffic);
    client().WaitForPackets(capture.name(), 1);
    kill(Dumpcap(), SIGKILL);
    const v1::Capture ended = client().WaitForEnd(capture.name());
    EXPECT_EQ(ended.stopped().signal(), SIGKILL);
    const grpc::Status status = live.Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_GE(live.Frames().size(), ended.packets_written());
    ExpectReadable(ended, static_cast<uint32_t>(ended.packets_written()));
  }
}

TEST_F(CaptureFaultTest, DumpcapDoesNotAnswerWhenItIsStopped) {
  const v1::Capture capture = BeginWith(10);
  kill(Dumpcap(), SIGSTOP);
  const auto begin = steady_clock::now();
  const v1::Capture ended = client().Stop(capture.name());
  EXPECT_GE(steady_clock::now() - begin, seconds(9)) << "not given time";
  EXPECT_LT(steady_clock::now() - begin, seconds(20));
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(ended.stopped().signal(), SIGKILL);
  EXPECT_EQ(ended.packets_written(), 10u);
  ExpectReadable(ended, 10);
}

TEST_F(CaptureFaultTest, KillingHelpsAgainstADumpcapThatDoesNotAnswer) {
  const v1::Capture capture = BeginWith(10);
  kill(Dumpcap(), SIGSTOP);
  const auto begin = steady_clock::now();
  const v1::Capture ended = client().Stop(capture.name(), v1::STOP_MODE_KILL);
  EXPECT_LT(steady_clock::now() - begin, seconds(4));
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_STOPPED);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_KILLED);
  EXPECT_EQ(ended.stopped().signal(), SIGKILL);
  ExpectReadable(ended, 10);
}

TEST_F(CaptureFaultTest, TheInterfaceIsRemoved) {
  VethPair pair("fault0", "fault1");
  pair.SetUp(true);
  const v1::Capture capture = client().Create(CaptureOf(pair.second()));
  LiveDissection live(daemon().Connect(), RequestWithBytes(capture.name()));
  UdpTraffic traffic = Packets(1, 100);
  traffic.address = VethPair::kAddress;
  SendUdp(traffic);
  client().WaitForPackets(capture.name(), 100);
  pair.Remove();
  const v1::Capture ended = client().WaitForEnd(capture.name());
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(ended.stopped().failure().reason(), "INTERFACE_GONE");
  EXPECT_EQ(ended.stopped().exit_status(), 0);
  EXPECT_EQ(ended.packets_written(), 100u);
  EXPECT_NE(FindMessage(client().Watch(capture.name()), "no longer attached"),
            "");
  EXPECT_TRUE(live.Finish().ok());
  EXPECT_EQ(live.FrameNumbers(), Range(1, 100));
  ExpectReadable(ended, 100);
}

TEST_F(CaptureFaultTest, TheInterfaceGoesDownAndUp) {
  VethPair pair("fault0", "fault1");
  pair.SetUp(true);
  const v1::Capture capture = client().Create(CaptureOf(pair.second()));
  UdpTraffic traffic = Packets(1, 50);
  traffic.address = VethPair::kAddress;
  SendUdp(traffic);
  uint64_t sequence =
      client().WaitForPackets(capture.name(), 50).last_sequence();
  for (const bool up : {false, true}) {
    pair.SetUp(up);
    WaitFor("a message", [&] {
      return client().Get(capture.name()).last_sequence() > sequence;
    });
    sequence = client().Get(capture.name()).last_sequence();
  }
  traffic.first = 51;
  SendUdp(traffic);
  client().WaitForPackets(capture.name(), 100);
  const v1::Capture ended = client().Stop(capture.name());
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_REQUESTED);
  const std::vector<v1::CaptureEvent> events = client().Watch(capture.name());
  EXPECT_EQ(FindMessage(events, "down"), "The interface \"fault1\" went down.");
  EXPECT_EQ(FindMessage(events, "up"), "The interface \"fault1\" went up.");
  EXPECT_EQ(NumbersOf(ReadStoredPackets(PathOf(ended.current_file()))),
            Range(1, 100));
}

TEST_F(CaptureFaultTest, TimeGoesOnWhileTheInterfaceIsDown) {
  VethPair pair("fault0", "fault1");
  pair.SetUp(true);
  v1::CaptureOptions options = CaptureOf(pair.second());
  options.mutable_stop()->mutable_duration()->set_seconds(3);
  const auto begin = steady_clock::now();
  const v1::Capture capture = client().Create(options);
  pair.SetUp(false);
  const v1::Capture ended = client().WaitForEnd(capture.name());
  EXPECT_GE(steady_clock::now() - begin, seconds(3));
  EXPECT_LT(steady_clock::now() - begin, seconds(7));
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_STOPPED);
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_CONDITION);
}

TEST_F(CaptureFaultTest, AWorkerIsKilled) {
  const v1::Capture capture = BeginWith(100);
  LiveDissection victim(daemon().Connect(), RequestWithBytes(capture.name()));
  victim.WaitForFrames(100);
  const std::vector<pid_t> workers = daemon().WorkerPids();
  ASSERT_EQ(workers.size(), 1u);
  // Uses other settings to get another worker.
  v1::DissectRequest settings = RequestWithBytes(capture.name());
  settings.mutable_live()->set_reset_after_frames(1'000'000);
  LiveDissection other(daemon().Connect(), settings);
  other.WaitForFrames(100);
  kill(workers[0], SIGKILL);
  ExpectError(victim.Finish(), StatusCode::INTERNAL, "WORKER_CRASHED");
  ASSERT_TRUE(victim.Messages().back().has_crash());
  EXPECT_EQ(victim.Messages().back().crash().signal(), SIGKILL);
  EXPECT_EQ(victim.FrameNumbers(), Range(1, 100));
  SendUdp(Packets(101, 100));
  other.WaitForFrames(200);
  EXPECT_EQ(client().Get(capture.name()).state(), v1::CAPTURE_STATE_RUNNING);
  const v1::Capture ended = client().Stop(capture.name());
  EXPECT_TRUE(other.Finish().ok());
  EXPECT_EQ(other.FrameNumbers(), Range(1, 200));
  ExpectReadable(ended, 200);
}

TEST_F(CaptureFaultTest, TheHostIsKilled) {
  const v1::Capture capture = BeginWith(100);
  LiveDissection lost(daemon().Connect(), RequestWithBytes(capture.name()));
  lost.WaitForFrames(100);
  const pid_t engine = daemon().EnginePid();
  ASSERT_GT(engine, 0);
  kill(engine, SIGKILL);
  ExpectError(lost.Finish(), StatusCode::UNAVAILABLE, "ENGINE_DIED");
  SendUdp(Packets(101, 100));
  client().WaitForPackets(capture.name(), 200);
  // A disconnected client resumes where it was.
  v1::DissectRequest rest = RequestWithBytes(capture.name());
  rest.mutable_view()->mutable_range()->set_first_frame(101);
  LiveDissection next(daemon().Connect(), rest);
  next.WaitForFrames(100);
  EXPECT_NE(daemon().EnginePid(), engine);
  const v1::Capture ended = client().Stop(capture.name());
  EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_REQUESTED);
  EXPECT_TRUE(next.Finish().ok());
  EXPECT_EQ(next.FrameNumbers(), Range(101, 100));
  ExpectReadable(ended, 200);
}

class SmallStoreTest : public CaptureFaultTest {
 protected:
  SmallStoreTest() : CaptureFaultTest({"--min-free-disk=0"}) {}

  void SetUp() override {
    CaptureFaultTest::SetUp();
    if (IsSkipped()) return;
    static const bool kEntered = EnterPrivateMounts();
    if (!kEntered) GTEST_SKIP() << "the kernel forbids mount namespaces";
    store_ = std::make_unique<SmallStore>(&daemon(), 512 << 10);
    Connect();
  }

  void TearDown() override {
    if (store_ == nullptr) return;
    WaitFor("the end of dumpcap",
            [&] { return DumpcapsOf(daemon().pid()).empty(); });
    EXPECT_EQ(daemon().Stop(), 0);
    store_.reset();
  }

  std::unique_ptr<SmallStore> store_;
};

TEST_F(SmallStoreTest, IsFullInMidRun) {
  const v1::Capture capture = BeginWith(100);
  LiveDissection live(daemon().Connect(), RequestWithBytes(capture.name()));
  live.WaitForFrames(100);
  UdpTraffic traffic = Packets(101, 1000);
  traffic.payload_size = 1000;
  SendUdp(traffic);
  const v1::Capture ended = client().WaitForEnd(capture.name());
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(ended.stopped().failure().reason(), "STORE_FULL");
  EXPECT_EQ(ended.stopped().exit_status(), 1);
  EXPECT_TRUE(live.Finish().ok()) << live.Finish().error_message();
  EXPECT_GE(live.Frames().size(), 100u);
  store_->Fill();
  ExpectReadable(ended, 100);
  // Another capture fails until there is room again.
  ExpectError(client().TryCreate(CaptureOf("lo")),
              StatusCode::RESOURCE_EXHAUSTED, "STORE_FULL");
  EXPECT_EQ(client().List().size(), 1u);
  // The end could not be recorded for lack of room, but is known nevertheless.
  daemon().Restart();
  Connect();
  const v1::Capture kept = client().Get(capture.name());
  EXPECT_TRUE(kept.has_stopped());
  ExpectReadable(kept, 100);
  const uintmax_t size =
      std::filesystem::file_size(PathOf(kept.current_file()));
  EXPECT_TRUE(client().Delete(capture.name(), true).ok());
  // The last worker that had the file open may still be ending.
  WaitFor("the space of the capture", [&] {
    return std::filesystem::space(daemon().store().path()).available >= size;
  });
  ExpectServing(daemon());
}

// dumpcap counts packets that it could not write until its buffer is full.
TEST_F(SmallStoreTest, IsFullInMidRunWithoutDumpcapNoticing) {
  const v1::Capture capture = BeginWith(100);
  LiveDissection live(daemon().Connect(), RequestWithBytes(capture.name()));
  live.WaitForFrames(100);
  store_->Fill();
  UdpTraffic traffic = Packets(101, 60);
  traffic.gap = std::chrono::milliseconds(20);
  SendUdp(traffic);
  client().WaitForPackets(capture.name(), 160);
  const v1::Capture ended = client().Stop(capture.name());
  EXPECT_EQ(ended.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(ended.stopped().failure().reason(), "STORE_FULL");
  const grpc::Status status = live.Finish();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_GE(live.Frames().size(), 100u);
  // The counts are dumpcap's.
  EXPECT_EQ(ended.packets_written(), 160u);
  EXPECT_EQ(ended.stopped().packets_written(), 160u);
  EXPECT_LT(live.Frames().size(), 160u);
  ExpectReadable(ended, 100);
}

TEST_F(SmallStoreTest, IsFullAtTheStart) {
  store_->Fill();
  for (int i = 0; i < 3; ++i) {
    ExpectError(client().TryCreate(CaptureOf("lo")),
                StatusCode::RESOURCE_EXHAUSTED, "STORE_FULL");
  }
  EXPECT_TRUE(client().List().empty());
  ExpectError(client().TryGet("captures/nosuch"), StatusCode::NOT_FOUND,
              "CAPTURE_NOT_FOUND");
}

TEST_F(SmallStoreTest, IsReadOnly) {
  store_->MakeReadOnly();
  ExpectError(client().TryCreate(CaptureOf("lo")),
              StatusCode::FAILED_PRECONDITION, "STORE_READ_ONLY");
  EXPECT_TRUE(client().List().empty());
}

}  // namespace
}  // namespace dissectd
