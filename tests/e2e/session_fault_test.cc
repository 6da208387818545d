// SPDX-License-Identifier: GPL-2.0-or-later

// Tests how sessions end: limits, killed processes, other callers, time, and
// files that are changed.

#include <gmock/gmock.h>
#include <grpcpp/client_context.h>
#include <gtest/gtest.h>
#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "core/engine/testing/capture_builder.h"
#include "tests/e2e/daemon_process.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/policy_files.h"
#include "tests/e2e/process_children.h"
#include "tests/e2e/session_client.h"

namespace dissectd {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

// Enough for many checkpoints, and for an answer that doesn't fit into the
// buffers on its way.
constexpr uint32_t kFrames = 10'000;
constexpr size_t kCheckpoints = 19;

std::string Capture(uint32_t frames, char fill = 'x') {
  CaptureBuilder capture;
  for (uint32_t i = 1; i <= frames; ++i) {
    capture.Add(UdpFrame(1000, 2000, std::string(1000, fill)));
  }
  return capture.bytes();
}

// Returns a capture with a conversation for each frame, whose memory adds up.
std::string ManyConversations(uint32_t frames) {
  CaptureBuilder capture;
  for (uint32_t i = 0; i < frames; ++i) {
    capture.Add(UdpFrame(static_cast<uint16_t>(10'000 + i % 50'000),
                         static_cast<uint16_t>(10'000 + i / 50'000), "x"));
  }
  return capture.bytes();
}

// The processes of a session.
struct Processes {
  pid_t opened = 0;
  pid_t read = 0;
  // The one whose forks the checkpoints are.
  pid_t skipping = 0;
  std::vector<pid_t> checkpoints;
};

// Waits for all checkpoints of the only session.
Processes AwaitCheckpoints(const DaemonProcess& daemon) {
  Processes processes;
  WaitFor("all checkpoints", [&] {
    processes = {};
    const std::vector<pid_t> opened = daemon.WorkerPids();
    if (opened.size() != 1) return false;
    processes.opened = opened.front();
    const std::vector<pid_t> read = ChildrenOf(processes.opened);
    if (read.size() != 1) return false;
    processes.read = read.front();
    for (const pid_t fork : ChildrenOf(processes.read)) {
      const std::vector<pid_t> forks = ChildrenOf(fork);
      if (forks.size() != kCheckpoints) continue;
      processes.skipping = fork;
      processes.checkpoints = forks;
    }
    return processes.skipping != 0;
  });
  return processes;
}

v1::DissectRequest EverythingOf(const std::string& session) {
  v1::DissectRequest request;
  request.set_session(session);
  request.mutable_view()->set_bytes(v1::BYTE_DETAIL_FRAME);
  return request;
}

// Returns the only fork of the process that has read the capture and makes no
// checkpoints.
pid_t QuestionOf(const Processes& processes) {
  std::vector<pid_t> forks = ChildrenOf(processes.read);
  forks.erase(std::remove(forks.begin(), forks.end(), processes.skipping),
              forks.end());
  EXPECT_THAT(forks, SizeIs(1));
  return forks.empty() ? 0 : forks.front();
}

// Waits for the first child of a process.
pid_t AwaitChild(pid_t parent) {
  std::vector<pid_t> children;
  WaitFor("a child", [&] {
    children = ChildrenOf(parent);
    return !children.empty();
  });
  return children.front();
}

class SessionFaultTest : public ::testing::Test {
 protected:
  explicit SessionFaultTest(const std::vector<std::string>& arguments = {})
      : daemon_(arguments), client_(daemon_.Connect()) {
    daemon_.store().Write("frames.pcap", Capture(kFrames));
    daemon_.store().Write("small.pcap", Capture(3));
  }

  grpc::Status GetFrame(const std::string& session, uint32_t frame) {
    v1::GetFrameResponse response;
    return client_.GetFrame(WholeFrame(session, frame), &response);
  }

  void AwaitFailure(const std::string& session, const std::string& reason) {
    WaitFor("the failure of the session", [&] {
      return client_.Get(session).state() == v1::SESSION_STATE_FAILED;
    });
    EXPECT_EQ(client_.Get(session).failure().reason(), reason);
    const v1::Failure failure = FailureOf(GetFrame(session, 1));
    EXPECT_EQ(failure.reason(), "SESSION_FAILED");
    EXPECT_EQ(failure.metadata().at("cause"), reason);
  }

  DaemonProcess daemon_;
  SessionClient client_;
};

TEST_F(SessionFaultTest, AnotherProcessGoesOnForOneThatIsKilled) {
  const v1::Session session = client_.Open("frames.pcap");
  const Processes processes = AwaitCheckpoints(daemon_);
  Dissection dissection(daemon_.Connect(), EverythingOf(session.name()));
  v1::DissectResponse message;
  ASSERT_TRUE(dissection.Next(&message));
  EXPECT_EQ(client_.Get(session.name()).questions(), 1u);
  kill(QuestionOf(processes), SIGKILL);
  size_t frames = 0;
  do {
    frames += static_cast<size_t>(message.batch().frames_size());
    EXPECT_FALSE(message.has_crash());
  } while (dissection.Next(&message));
  EXPECT_TRUE(dissection.Finish().ok());
  EXPECT_EQ(frames, kFrames);
  EXPECT_TRUE(GetFrame(session.name(), kFrames).ok());
}

TEST_F(SessionFaultTest, AbandonedQuestionEndsItsProcess) {
  const v1::Session session = client_.Open("frames.pcap");
  const Processes processes = AwaitCheckpoints(daemon_);
  {
    Dissection dissection(daemon_.Connect(), EverythingOf(session.name()));
    v1::DissectResponse message;
    ASSERT_TRUE(dissection.Next(&message));
  }
  WaitFor("the end of the question",
          [&] { return ChildrenOf(processes.read).size() == 1; });
  EXPECT_EQ(client_.Get(session.name()).questions(), 0u);
}

TEST_F(SessionFaultTest, EarlierCheckpointsServeForThoseThatDied) {
  const v1::Session session = client_.Open("frames.pcap");
  const Processes processes = AwaitCheckpoints(daemon_);
  const auto expect_frames = [&] {
    for (const uint32_t frame : {kFrames, 1u, 600u, kFrames}) {
      const grpc::Status status = GetFrame(session.name(), frame);
      EXPECT_TRUE(status.ok()) << status.error_message();
    }
  };
  kill(processes.checkpoints.back(), SIGKILL);
  // Whether or not the daemon knows of it.
  expect_frames();
  WaitFor("the end of one checkpoint", [&] {
    return ChildrenOf(processes.skipping).size() == kCheckpoints - 1;
  });
  expect_frames();
  kill(processes.skipping, SIGKILL);
  expect_frames();
  EXPECT_NE(AwaitCheckpoints(daemon_).skipping, processes.skipping);
  expect_frames();
}

// Stopped processes don't fork, so that the question waits for each until it is
// killed.
TEST_F(SessionFaultTest, AQuestionDoesNotFollowDyingCheckpoints) {
  const v1::Session session = client_.Open("frames.pcap");
  const Processes processes = AwaitCheckpoints(daemon_);
  for (const pid_t checkpoint : processes.checkpoints) {
    kill(checkpoint, SIGSTOP);
  }
  auto status = std::async(std::launch::async,
                           [&] { return GetFrame(session.name(), kFrames); });
  constexpr std::chrono::milliseconds kInterval(50);
  for (auto checkpoint = processes.checkpoints.rbegin();
       checkpoint != processes.checkpoints.rend() &&
       status.wait_for(kInterval) == std::future_status::timeout;
       ++checkpoint) {
    kill(*checkpoint, SIGKILL);
  }
  const grpc::Status answered = status.get();
  EXPECT_TRUE(answered.ok()) << answered.error_message();
}

TEST_F(SessionFaultTest, KilledProcessesCostNoFrame) {
  for (int i = 0; i < 3; ++i) {
    v1::OpenSessionRequest request;
    request.set_file("files/frames.pcap");
    grpc::ClientContext context;
    const auto reader = client_.stub()->OpenSession(&context, request);
    v1::OpenSessionResponse message;
    ASSERT_TRUE(reader->Read(&message));
    const std::string name = message.session().name();
    const pid_t opened = AwaitChild(daemon_.EnginePid());
    kill(AwaitChild(opened), SIGKILL);
    while (reader->Read(&message)) {
    }
    ASSERT_TRUE(reader->Finish().ok());
    kill(AwaitChild(AwaitChild(opened)), SIGKILL);
    AwaitCheckpoints(daemon_);
    v1::ListFramesRequest list;
    list.set_session(name);
    list.set_display_filter("frame");
    v1::ListFramesResponse page;
    ASSERT_TRUE(client_.ListFrames(list, &page).ok());
    EXPECT_EQ(page.total(), kFrames);
    EXPECT_TRUE(client_.Close(name).ok());
    daemon_.WaitForNoWorkers();
  }
}

// A process that is stopped forks no others, so that an answer which needed it
// would take longer than the client waits.
TEST_F(SessionFaultTest, LaterPagesAndSearchesDoNotStartFromTheFirstFrame) {
  const v1::Session session = client_.Open("frames.pcap");
  const Processes processes = AwaitCheckpoints(daemon_);
  v1::ListFramesRequest list;
  list.set_session(session.name());
  list.mutable_columns()->add_columns()->set_format("%m");
  list.set_sort_column(1);
  list.set_descending(true);
  list.set_limit(3);
  v1::ListFramesResponse page;
  ASSERT_TRUE(client_.ListFrames(list, &page).ok());
  v1::FindFrameRequest find;
  find.set_session(session.name());
  find.set_display_filter("frame.number == 7000 || frame.number == 8000");
  v1::FindFrameResponse found;
  ASSERT_TRUE(client_.FindFrame(find, &found).ok());
  EXPECT_EQ(found.frame_number(), 7000u);
  kill(processes.read, SIGSTOP);
  list.set_first_position(3);
  EXPECT_TRUE(client_.ListFrames(list, &page).ok());
  EXPECT_EQ(page.frames(0).number(), kFrames - 3);
  find.set_after_frame(7500);
  EXPECT_TRUE(client_.FindFrame(find, &found).ok());
  EXPECT_EQ(found.frame_number(), 8000u);
  find.set_backward(true);
  EXPECT_TRUE(client_.FindFrame(find, &found).ok());
  EXPECT_EQ(found.frame_number(), 7000u);
  find.set_bytes("xx");
  EXPECT_TRUE(client_.FindFrame(find, &found).ok());
  EXPECT_EQ(found.frame_number(), 7499u);
  find.set_text_in_details("Frame Number: 6200");
  EXPECT_TRUE(client_.FindFrame(find, &found).ok());
  EXPECT_EQ(found.frame_number(), 6200u);
  find.set_backward(false);
  find.set_text_in_details("Frame Number: 9999");
  EXPECT_TRUE(client_.FindFrame(find, &found).ok());
  EXPECT_EQ(found.frame_number(), 9999u);
  kill(processes.read, SIGCONT);
}

TEST_F(SessionFaultTest, SessionFailsWithItsProcesses) {
  const v1::Session session = client_.Open("frames.pcap");
  const v1::Session other = client_.Open("small.pcap");
  std::vector<pid_t> opened = daemon_.WorkerPids();
  ASSERT_THAT(opened, SizeIs(2));
  // The processes of the other session are younger.
  kill(*std::min_element(opened.begin(), opened.end()), SIGKILL);
  AwaitFailure(session.name(), "WORKER_CRASHED");
  EXPECT_TRUE(GetFrame(other.name(), 3).ok());
  // The file can be opened again.
  const v1::Session again = client_.Open("frames.pcap");
  WaitFor("the end of what was left",
          [&] { return daemon_.WorkerPids().size() == 2; });
  for (const pid_t pid : daemon_.WorkerPids()) {
    const std::vector<pid_t> read = ChildrenOf(pid);
    ASSERT_THAT(read, SizeIs(1));
    kill(read.front(), SIGKILL);
  }
  AwaitFailure(again.name(), "WORKER_CRASHED");
  AwaitFailure(other.name(), "WORKER_CRASHED");
  daemon_.WaitForNoWorkers();
}

TEST_F(SessionFaultTest, SessionsFailWithTheEngine) {
  const v1::Session session = client_.Open("frames.pcap");
  kill(daemon_.EnginePid(), SIGKILL);
  AwaitFailure(session.name(), "ENGINE_DIED");
}

TEST_F(SessionFaultTest, ClosingEndsQuestions) {
  const v1::Session session = client_.Open("frames.pcap");
  Dissection dissection(daemon_.Connect(), EverythingOf(session.name()));
  v1::DissectResponse message;
  ASSERT_TRUE(dissection.Next(&message));
  EXPECT_TRUE(client_.Close(session.name()).ok());
  daemon_.WaitForNoWorkers();
  while (dissection.Next(&message)) {
  }
  EXPECT_EQ(FailureOf(dissection.Finish()).reason(), "SESSION_CLOSED");
  EXPECT_THAT(client_.List(), IsEmpty());
}

TEST_F(SessionFaultTest, StoppingDaemonLeavesNothingOver) {
  client_.Open("frames.pcap");
  const Processes processes = AwaitCheckpoints(daemon_);
  EXPECT_EQ(daemon_.Stop(), 0);
  std::vector<pid_t> all = processes.checkpoints;
  all.push_back(processes.opened);
  all.push_back(processes.read);
  all.push_back(processes.skipping);
  WaitFor("the end of all processes", [&] {
    return std::all_of(all.begin(), all.end(),
                       [](pid_t pid) { return kill(pid, 0) != 0; });
  });
}

TEST_F(SessionFaultTest, ReplacedFileIsAnotherSession) {
  const v1::Session session = client_.Open("small.pcap");
  const std::string path = daemon_.store().path() + "/small.pcap";
  daemon_.store().Write("new.pcap", Capture(7));
  std::filesystem::rename(daemon_.store().path() + "/new.pcap", path);
  EXPECT_EQ(client_.Open("small.pcap").frames(), 7u);
  EXPECT_EQ(client_.Get(session.name()).frames(), 3u);
  EXPECT_TRUE(GetFrame(session.name(), 3).ok());
}

TEST_F(SessionFaultTest, ChangedFileEndsTheSession) {
  const v1::Session session = client_.Open("small.pcap");
  daemon_.store().Write("small.pcap", Capture(2, 'y'));
  AwaitFailure(session.name(), "SESSION_FILE_CHANGED");
  EXPECT_EQ(client_.Open("small.pcap").frames(), 2u);
}

// The session may have noticed before it was asked.
void ExpectFileChanged(const grpc::Status& status) {
  const v1::Failure failure = FailureOf(status);
  const std::string& reason = failure.reason() == "SESSION_FAILED"
                                  ? failure.metadata().at("cause")
                                  : failure.reason();
  EXPECT_EQ(reason, "SESSION_FILE_CHANGED");
}

TEST_F(SessionFaultTest, OverwrittenFileEndsTheSession) {
  const v1::Session session = client_.Open("small.pcap");
  constexpr size_t kFileHeader = 24;
  std::ofstream(daemon_.store().path() + "/small.pcap",
                std::ios::binary | std::ios::app)
      << Capture(1).substr(kFileHeader);
  EXPECT_TRUE(GetFrame(session.name(), 3).ok());
  daemon_.store().Write("small.pcap", Capture(7, 'y'));
  ExpectFileChanged(GetFrame(session.name(), 1));
  AwaitFailure(session.name(), "SESSION_FILE_CHANGED");
}

TEST_F(SessionFaultTest, OverwrittenFileIsNotEdited) {
  const v1::Session session = client_.Open("small.pcap");
  daemon_.store().Write("small.pcap", Capture(7, 'y'));
  v1::EditSessionRequest edit;
  edit.set_name(session.name());
  edit.add_edits()->mutable_ignore()->add_frame_numbers(1);
  grpc::ClientContext context;
  v1::EditSessionResponse response;
  ExpectFileChanged(client_.stub()->EditSession(&context, edit, &response));
}

class SessionLimitTest : public SessionFaultTest {
 protected:
  SessionLimitTest()
      : SessionFaultTest({"--max-sessions=3", "--max-sessions-per-principal=2",
                          "--session-memory=64MB"}) {}
};

TEST_F(SessionLimitTest, TooManySessions) {
  const v1::Session first = client_.Open("small.pcap");
  client_.Open("small.pcap");
  v1::OpenSessionRequest request;
  request.set_file("files/small.pcap");
  const grpc::Status status = client_.Open(request).status;
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(FailureOf(status).reason(), "TOO_MANY_SESSIONS_OF_CALLER");
  EXPECT_TRUE(client_.Close(first.name()).ok());
  EXPECT_TRUE(client_.Open(request).status.ok());
}

TEST_F(SessionLimitTest, LargeSessionEndsAlone) {
  const v1::Session small = client_.Open("small.pcap");
  daemon_.store().Write("large.pcap", ManyConversations(400'000));
  v1::OpenSessionRequest request;
  request.set_file("files/large.pcap");
  OpenedSession opened = client_.Open(request);
  const std::string name = opened.messages.front().session().name();
  if (!opened.status.ok()) {
    EXPECT_EQ(FailureOf(opened.status).reason(), "SESSION_TOO_LARGE");
  }
  AwaitFailure(name, "SESSION_TOO_LARGE");
  EXPECT_TRUE(GetFrame(small.name(), 3).ok());
  WaitFor("the end of the large session's processes",
          [&] { return daemon_.WorkerPids().size() == 1; });
}

TEST_F(SessionLimitTest, FailedSessionsMakeRoom) {
  daemon_.store().Write("text.pcap", "This isn't a capture.");
  v1::OpenSessionRequest request;
  request.set_file("files/text.pcap");
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(FailureOf(client_.Open(request).status).reason(),
              "FILE_UNKNOWN_FORMAT");
  }
  client_.Open("small.pcap");
}

class SessionIdleTest : public SessionFaultTest {
 protected:
  SessionIdleTest() : SessionFaultTest({"--session-idle-timeout=2"}) {}
};

TEST_F(SessionIdleTest, IdleSessionIsClosed) {
  const v1::Session idle = client_.Open("frames.pcap");
  const v1::Session watched = client_.Open("small.pcap");
  grpc::ClientContext context;
  v1::WatchSessionRequest request;
  request.set_name(watched.name());
  const auto reader = client_.stub()->WatchSession(&context, request);
  v1::WatchSessionResponse message;
  ASSERT_TRUE(reader->Read(&message));
  WaitFor("the end of the idle session", [&] {
    grpc::Status status;
    client_.Get(idle.name(), &status);
    return status.error_code() == grpc::StatusCode::NOT_FOUND;
  });
  EXPECT_TRUE(GetFrame(watched.name(), 1).ok());
  context.TryCancel();
  daemon_.WaitForNoWorkers();
}

TEST(SessionPolicyTest, OthersDoNotSeeASession) {
  const PolicyFiles files;
  const DaemonProcess daemon(files.Arguments());
  daemon.store().Write("small.pcap", Capture(3));
  SessionClient analyst(daemon.Connect(), kAnalyst);
  SessionClient admin(daemon.Connect(), kAdmin);
  const v1::Session session = analyst.Open("small.pcap");
  EXPECT_EQ(session.owner(), "token:analyst");
  EXPECT_THAT(analyst.List(), SizeIs(1));
  EXPECT_THAT(admin.List(), IsEmpty());
  v1::GetFrameResponse response;
  EXPECT_EQ(FailureOf(admin.GetFrame(WholeFrame(session.name(), 1), &response))
                .reason(),
            "SESSION_NOT_FOUND");
  EXPECT_EQ(FailureOf(admin.Close(session.name())).reason(),
            "SESSION_NOT_FOUND");
  // Another caller's session of the same file has processes of its own.
  admin.Open("small.pcap");
  EXPECT_THAT(daemon.WorkerPids(), SizeIs(2));
  EXPECT_TRUE(analyst.GetFrame(WholeFrame(session.name(), 1), &response).ok());
}

}  // namespace
}  // namespace dissectd
