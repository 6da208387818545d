// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what is left of captures when the daemon stops or is killed.

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/e2e/capture_fixture.h"
#include "tests/e2e/process_children.h"

namespace dissectd {
namespace {

std::string TextOf(const std::vector<v1::CaptureEvent>& events) {
  std::string text;
  for (const v1::CaptureEvent& event : events) text += event.DebugString();
  return text;
}

class CaptureRestartTest : public CaptureFixture {
 protected:
  v1::Capture Begin(const v1::CaptureOptions& options, uint32_t packets) {
    const v1::Capture capture = client().Create(options);
    SendUdp({.count = packets});
    return client().WaitForPackets(capture.name(), packets);
  }

  // Kills the daemon and returns the process id of the capture's dumpcap.
  pid_t KillDaemon(const v1::Capture& capture) {
    std::vector<v1::CaptureEvent> events;
    grpc::ClientContext context;
    CaptureClient::SetDeadline(&context);
    v1::WatchCaptureRequest request;
    request.set_name(capture.name());
    const auto reader = client().stub()->WatchCapture(&context, request);
    v1::WatchCaptureResponse response;
    EXPECT_TRUE(reader->Read(&response));
    const pid_t dumpcap = DumpcapOf({response.event()});
    EXPECT_GT(dumpcap, 1);
    EXPECT_TRUE(IsRunning(dumpcap));
    kill(daemon().pid(), SIGKILL);
    const int status = daemon().Wait();
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_FALSE(reader->Read(&response) && reader->Read(&response) &&
                 response.event().has_stopped());
    context.TryCancel();
    reader->Finish();
    return dumpcap;
  }

  void StartDaemon() {
    daemon().Start();
    Connect();
  }

  std::vector<uint32_t> DissectedFrames(const v1::Capture& capture) {
    LiveDissection dissection(channel(),
                              LiveDissection::RequestFor(capture.name()));
    const grpc::Status status = dissection.Finish();
    EXPECT_TRUE(status.ok()) << status.error_message();
    return dissection.FrameNumbers();
  }
};

TEST_F(CaptureRestartTest, WhatHasEndedIsKept) {
  v1::CreateCaptureRequest request;
  *request.mutable_options() = CaptureOfPackets(7);
  request.set_request_id("mine");
  v1::CreateCaptureResponse response;
  const auto create = [&] {
    return client().Call(&v1::CaptureService::Stub::CreateCapture, request,
                         &response);
  };
  ASSERT_TRUE(create().ok());
  const std::string name = response.capture().name();
  SendUdp({.count = 7});
  const v1::Capture before = client().WaitForEnd(name);
  const std::string events = TextOf(client().Watch(name));
  daemon().Restart();
  Connect();
  ASSERT_EQ(client().List().size(), 1u);
  EXPECT_EQ(client().List()[0].DebugString(), before.DebugString());
  EXPECT_EQ(TextOf(client().Watch(name)), events);
  EXPECT_EQ(DissectedFrames(before), Range(1, 7));
  ASSERT_TRUE(create().ok());
  EXPECT_EQ(response.capture().name(), name);
  EXPECT_TRUE(client().Delete(name, true).ok());
  daemon().Restart();
  Connect();
  EXPECT_TRUE(client().List().empty());
}

TEST_F(CaptureRestartTest, ADaemonThatEndsEndsItsCaptures) {
  const v1::Capture capture = Begin(CaptureOf("lo"), 50);
  std::vector<v1::CaptureEvent> events;
  std::thread watcher([&] { events = client().Watch(capture.name()); });
  LiveDissection follower(channel(),
                          LiveDissection::RequestFor(capture.name()));
  follower.WaitForFrames(50);
  EXPECT_EQ(daemon().Stop(), 0);
  watcher.join();
  EXPECT_TRUE(follower.Finish().ok());
  EXPECT_EQ(follower.End().frames_read(), 50u);
  ASSERT_FALSE(events.empty());
  EXPECT_EQ(events.back().stopped().reason(), v1::STOP_REASON_SHUTDOWN);
  EXPECT_FALSE(IsRunning(DumpcapOf(events)));
  StartDaemon();
  const v1::Capture kept = client().Get(capture.name());
  EXPECT_EQ(kept.state(), v1::CAPTURE_STATE_STOPPED);
  EXPECT_EQ(kept.stopped().reason(), v1::STOP_REASON_SHUTDOWN);
  EXPECT_EQ(kept.packets_written(), 50u);
  EXPECT_EQ(NumbersOf(PacketsOf(kept)), Range(1, 50));
  EXPECT_EQ(TextOf(client().Watch(capture.name())), TextOf(events));
}

TEST_F(CaptureRestartTest, ADaemonThatIsKilledInterruptsItsCaptures) {
  const v1::Capture capture = Begin(CaptureOf("lo"), 50);
  const pid_t dumpcap = KillDaemon(capture);
  StartDaemon();
  EXPECT_EQ(DissectedFrames(capture), Range(1, 50));
  const v1::Capture kept = client().Get(capture.name());
  EXPECT_EQ(kept.state(), v1::CAPTURE_STATE_INTERRUPTED);
  EXPECT_EQ(kept.stopped().reason(), v1::STOP_REASON_INTERRUPTED);
  EXPECT_TRUE(kept.has_end_time());
  WaitFor("the end of dumpcap", [&] { return !IsRunning(dumpcap); });
  EXPECT_EQ(NumbersOf(ReadStoredPackets(PathOf(kept.current_file()))),
            Range(1, 50));
  const std::vector<v1::CaptureEvent> events = client().Watch(capture.name());
  EXPECT_EQ(events.back().stopped().reason(), v1::STOP_REASON_INTERRUPTED);
  EXPECT_EQ(client().Stop(capture.name()).DebugString(), kept.DebugString());
  // As if the daemon had been killed while it began another capture.
  const std::filesystem::path begun =
      std::filesystem::path(PathOf(kept.current_file())).parent_path() /
      "../begun";
  std::filesystem::create_directory(begun);
  std::ofstream(begun / ".journal.new") << "";
  std::ofstream(begun / "capture.pcapng") << "x";
  daemon().Restart();
  Connect();
  EXPECT_FALSE(std::filesystem::exists(begun));
  EXPECT_EQ(client().Get(capture.name()).DebugString(), kept.DebugString());
  EXPECT_TRUE(client().Delete(capture.name(), true).ok());
}

TEST_F(CaptureRestartTest, AnInterruptedRingKeepsAllItsFiles) {
  v1::CaptureOptions options = CaptureOf("lo");
  options.mutable_ring()->set_packets(10);
  const v1::Capture capture = Begin(options, 45);
  ASSERT_EQ(capture.file_count(), 5u);
  KillDaemon(capture);
  StartDaemon();
  const v1::Capture kept = client().Get(capture.name());
  EXPECT_EQ(kept.state(), v1::CAPTURE_STATE_INTERRUPTED);
  EXPECT_EQ(kept.file_count(), 5u);
  EXPECT_EQ(DissectedFrames(capture), Range(1, 45));
}

}  // namespace
}  // namespace dissectd
