// SPDX-License-Identifier: GPL-2.0-or-later

// Tests captures that go on while one daemon is replaced by another.

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/dissection.h"
#include "tests/e2e/kept_capture_fixture.h"
#include "tests/e2e/process_children.h"

namespace dissectd {
namespace {

using Kind = v1::CaptureEvent::KindCase;

// The parameter is the signal that ends the daemon.
class CaptureAdoptionTest : public KeptCaptureFixture,
                            public ::testing::WithParamInterface<int> {
 protected:
  void ReplaceDaemon() {
    EndDaemon(GetParam());
    StartDaemon();
  }
};

INSTANTIATE_TEST_SUITE_P(Signals, CaptureAdoptionTest,
                         ::testing::Values(SIGTERM, SIGKILL),
                         [](const auto& info) {
                           return info.param == SIGTERM ? "Terminated"
                                                        : "Killed";
                         });

TEST_P(CaptureAdoptionTest, LosesNoPacket) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const pid_t dumpcap = DumpcapProcess(capture);
  SteadyTraffic traffic;
  traffic.AwaitMore(200);
  client().WaitForPackets(capture.name(), 100);
  for (int i = 0; i < 2; ++i) {
    EndDaemon(GetParam());
    traffic.AwaitMore(200);
    EXPECT_TRUE(IsRunning(dumpcap));
    StartDaemon();
    EXPECT_EQ(client().Get(capture.name()).state(), v1::CAPTURE_STATE_RUNNING);
    EXPECT_TRUE(HasLogged(capture.name() + " went on without a daemon"));
    traffic.AwaitMore(200);
  }
  const uint32_t sent = traffic.Stop();
  client().WaitForPackets(capture.name(), sent);
  const v1::Capture stopped = client().Stop(capture.name());
  EXPECT_EQ(stopped.stopped().reason(), v1::STOP_REASON_REQUESTED);
  EXPECT_EQ(stopped.stopped().packets_dropped(), 0u);
  ExpectPackets(stopped, sent);
  EXPECT_FALSE(IsRunning(dumpcap));

  const std::vector<v1::CaptureEvent> events = client().Watch(capture.name());
  EXPECT_EQ(CountOf(Kind::kStarted, events), 1);
  EXPECT_EQ(CountOf(Kind::kFileOpened, events), 1);
  EXPECT_EQ(CountOf(Kind::kAdopted, events), 2);
  EXPECT_EQ(CountOf(Kind::kMessage, events), 0);
  uint64_t total = 0;
  for (const v1::CaptureEvent& event : events) {
    if (event.has_adopted()) {
      EXPECT_GT(event.adopted().unattended().seconds() * 1'000'000'000 +
                    event.adopted().unattended().nanos(),
                0);
    }
    if (!event.has_packets_written()) continue;
    total += event.packets_written().new_packets();
    EXPECT_EQ(event.packets_written().total_packets(), total);
  }
  EXPECT_EQ(total, sent);
  WaitFor("the end of the keeper's files", [&] {
    return !std::filesystem::exists(PathOfOwn(capture, ".keeper")) &&
           !std::filesystem::exists(PathOfOwn(capture, ".keeper.result"));
  });
}

TEST_P(CaptureAdoptionTest, CountsTheFilesOfARing) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_ring()->set_packets(10);
  options.mutable_ring()->set_files(4);
  const v1::Capture capture = client().Create(options);
  SendUdp({.count = 45});
  client().WaitForPackets(capture.name(), 45);
  EndDaemon(GetParam());
  SendUdp({.count = 42, .first = 46});
  StartDaemon();
  client().WaitForPackets(capture.name(), 87);
  SendUdp({.count = 8, .first = 88});
  client().WaitForPackets(capture.name(), 95);
  const v1::Capture stopped = client().Stop(capture.name());
  EXPECT_EQ(stopped.packets_written(), 95u);
  EXPECT_EQ(stopped.file_count(), 4u);
  EXPECT_EQ(stopped.files_deleted(), 6u);
  EXPECT_EQ(stopped.current_file().first_packet(), 91u);
  EXPECT_EQ(NumbersOf(PacketsOf(stopped)), Range(61, 35));
  EXPECT_EQ(CountOf(Kind::kFileOpened, client().Watch(capture.name())), 10);
}

TEST_P(CaptureAdoptionTest, TellsHowACaptureHasEndedMeanwhile) {
  const v1::Capture capture = client().Create(CaptureOfPackets(100));
  SendUdp({.count = 50});
  client().WaitForPackets(capture.name(), 50);
  EndDaemon(GetParam());
  SendUdp({.count = 60, .first = 51});
  AwaitResult(capture);
  StartDaemon();
  const v1::Capture kept = client().WaitForEnd(capture.name());
  EXPECT_EQ(kept.state(), v1::CAPTURE_STATE_STOPPED);
  EXPECT_EQ(kept.stopped().reason(), v1::STOP_REASON_CONDITION)
      << kept.DebugString();
  EXPECT_TRUE(HasLogged(capture.name() + " ended while no daemon was there"));
  ExpectPackets(kept, 100);
  const std::vector<v1::CaptureEvent> events = client().Watch(capture.name());
  EXPECT_EQ(CountOf(Kind::kAdopted, events), 1);
  EXPECT_EQ(CountOf(Kind::kPacketsDropped, events), 1);
  // It ended before the daemon came.
  EXPECT_EQ(kept.end_time().DebugString(), events.back().time().DebugString());
  for (const v1::CaptureEvent& event : events) {
    if (!event.has_adopted()) continue;
    EXPECT_LE(kept.end_time().seconds(), event.time().seconds());
  }
  const std::string before = kept.DebugString();
  daemon().Restart();
  Connect();
  EXPECT_EQ(client().Get(capture.name()).DebugString(), before);
}

TEST_P(CaptureAdoptionTest, TellsThatDumpcapWasKilledMeanwhile) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  const pid_t dumpcap = DumpcapProcess(capture);
  SendUdp({.count = 50});
  client().WaitForPackets(capture.name(), 50);
  EndDaemon(GetParam());
  kill(dumpcap, SIGKILL);
  AwaitResult(capture);
  StartDaemon();
  const v1::Capture kept = client().WaitForEnd(capture.name());
  EXPECT_EQ(kept.state(), v1::CAPTURE_STATE_FAILED);
  EXPECT_EQ(kept.stopped().signal(), SIGKILL);
  EXPECT_EQ(kept.packets_written(), 50u);
}

TEST_P(CaptureAdoptionTest, KeepsToItsDuration) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_stop()->mutable_duration()->set_seconds(4);
  const v1::Capture capture = client().Create(options);
  SendUdp({.count = 5});
  client().WaitForPackets(capture.name(), 5);
  ReplaceDaemon();
  const v1::Capture kept = client().WaitForEnd(capture.name());
  EXPECT_EQ(kept.stopped().reason(), v1::STOP_REASON_CONDITION)
      << kept.DebugString();
  ExpectPackets(kept, 5);
}

TEST_P(CaptureAdoptionTest, KeepsToItsIdleTimeout) {
  v1::CreateCaptureRequest request;
  *request.mutable_options() = CaptureOf("lo");
  request.mutable_idle_timeout()->set_seconds(6);
  v1::CreateCaptureResponse response;
  ASSERT_TRUE(
      client()
          .Call(&v1::CaptureService::Stub::CreateCapture, request, &response)
          .ok());
  ReplaceDaemon();
  // Nothing uses it: not even a call that asks for its state.
  WaitFor("its end", [&] {
    const std::vector<v1::Capture> captures = client().List();
    return captures.size() == 1 && captures[0].has_stopped();
  });
  EXPECT_EQ(client().List()[0].stopped().reason(), v1::STOP_REASON_IDLE);
}

TEST_P(CaptureAdoptionTest, ClientsThatFollowItResume) {
  const v1::Capture capture = client().Create(CaptureOf("lo"));
  SendUdp({.count = 50});
  v1::DissectRequest request = LiveDissection::RequestFor(capture.name());
  LiveDissection before(channel(), request);
  before.WaitForFrames(50);
  std::vector<v1::CaptureEvent> events;
  std::atomic<uint64_t> watched_packets{0};
  grpc::Status watched;
  std::thread watcher([&, stub = client().stub()] {
    grpc::ClientContext context;
    CaptureClient::SetDeadline(&context);
    v1::WatchCaptureRequest watch;
    watch.set_name(capture.name());
    const auto reader = stub->WatchCapture(&context, watch);
    v1::WatchCaptureResponse response;
    while (reader->Read(&response)) {
      events.push_back(response.event());
      watched_packets = response.event().packets_written().total_packets();
    }
    watched = reader->Finish();
  });
  WaitFor("the events", [&] { return watched_packets == 50; });
  EndDaemon(GetParam());
  watcher.join();
  EXPECT_EQ(watched.error_code(), grpc::StatusCode::UNAVAILABLE);
  const grpc::Status followed = before.Finish();
  EXPECT_EQ(followed.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(before.FrameNumbers(), Range(1, 50));
  if (GetParam() == SIGTERM) {
    EXPECT_EQ(FailureOf(watched).reason(), "SERVER_STOPPING");
    EXPECT_EQ(FailureOf(followed).reason(), "SERVER_STOPPING");
  }

  SendUdp({.count = 50, .first = 51});
  StartDaemon();
  request.mutable_view()->mutable_range()->set_first_frame(51);
  LiveDissection after(channel(), request);
  after.WaitForFrames(50);
  client().WaitForPackets(capture.name(), 100);
  client().Stop(capture.name());
  EXPECT_TRUE(after.Finish().ok());
  EXPECT_EQ(after.FrameNumbers(), Range(51, 50));
  ASSERT_FALSE(events.empty());
  const std::vector<v1::CaptureEvent> rest =
      client().Watch(capture.name(), events.back().sequence());
  EXPECT_EQ(CountOf(Kind::kFileOpened, events), 1);
  EXPECT_EQ(CountOf(Kind::kFileOpened, rest), 0);
  EXPECT_EQ(CountOf(Kind::kAdopted, rest), 1);
  EXPECT_EQ(rest.back().stopped().packets_written(), 100u);
}

}  // namespace
}  // namespace dissectd
