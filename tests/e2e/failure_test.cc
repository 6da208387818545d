// SPDX-License-Identifier: GPL-2.0-or-later

// Tests what happens if a worker, the engine or a client goes away in
// mid-stream.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/e2e/daemon_process.h"
#include "tests/e2e/deadline_status.h"
#include "tests/e2e/dissection.h"
#include "tests/e2e/long_capture.h"

namespace dissectd {
namespace {

constexpr char kClient[] = "clients/cli/dissectctl";

// Counts the remaining frames.
uint64_t CountFrames(Dissection* call) {
  uint64_t frames = 0;
  v1::DissectResponse response;
  while (call->Next(&response)) {
    frames += static_cast<uint64_t>(response.batch().frames_size());
  }
  return frames;
}

class FailureTest : public ::testing::Test {
 protected:
  FailureTest() : FailureTest(std::vector<std::string>()) {}
  explicit FailureTest(const std::vector<std::string>& arguments)
      : daemon_(arguments) {
    daemon_.store().Write("many.pcap", ManyFrames());
  }

  // Starts a call and reads its first batch of frames.
  std::unique_ptr<Dissection> BeginLongCall() {
    auto call = std::make_unique<Dissection>(daemon_.Connect(), LongRequest());
    v1::DissectResponse response;
    do {
      if (!call->Next(&response)) {
        ADD_FAILURE() << call->Finish().error_message();
        break;
      }
    } while (!response.has_batch());
    return call;
  }

  // Reads the rest of a call whose worker died. Expects that it has all frames
  // but at most one, for which there is a crash message. Returns that message.
  static std::optional<v1::Crash> ReadToEnd(Dissection* call) {
    std::optional<v1::Crash> crash;
    v1::StreamEnd end;
    uint32_t last = 0;
    const auto expect_next = [&](uint32_t frame) {
      EXPECT_TRUE(last == 0 || frame == last + 1) << frame;
      last = frame;
    };
    v1::DissectResponse response;
    while (call->Next(&response)) {
      if (response.has_end()) end = response.end();
      if (response.has_crash()) {
        EXPECT_FALSE(crash.has_value());
        crash = response.crash();
        expect_next(crash->frame_number());
      }
      for (const v1::Frame& frame : response.batch().frames()) {
        expect_next(frame.number());
      }
    }
    EXPECT_TRUE(call->Finish().ok());
    EXPECT_EQ(last, uint32_t{kManyFrames});
    EXPECT_EQ(end.frames_read(), uint32_t{kManyFrames});
    EXPECT_EQ(end.frames_crashed(), crash.has_value() ? 1u : 0u);
    EXPECT_EQ(end.frames_sent() + end.frames_crashed(), uint32_t{kManyFrames});
    return crash;
  }

  DaemonProcess daemon_;
};

TEST_F(FailureTest, AClientThatDoesNotReadStopsItsWorkerOnly) {
  const auto slow = BeginLongCall();
  Dissection fast(daemon_.Connect(), LongRequest());
  EXPECT_EQ(CountFrames(&fast), uint64_t{kManyFrames});
  EXPECT_TRUE(fast.Finish().ok());
  WaitFor("the end of the fast one",
          [&] { return daemon_.WorkerPids().size() == 1; });
  EXPECT_GT(CountFrames(slow.get()), 0u);
  EXPECT_TRUE(slow->Finish().ok()) << "the slow one can go on";
}

TEST_F(FailureTest, GoesOnAfterAWorkerWasKilled) {
  for (const int signal : {SIGSEGV, SIGKILL, SIGABRT}) {
    const auto call = BeginLongCall();
    const std::vector<pid_t> workers = daemon_.WorkerPids();
    ASSERT_EQ(workers.size(), 1u);
    const auto other =
        std::make_unique<Dissection>(daemon_.Connect(), LongRequest());
    kill(workers[0], signal);
    const std::optional<v1::Crash> crash = ReadToEnd(call.get());
    EXPECT_EQ(crash.has_value() ? crash->signal() : signal, signal);
    EXPECT_EQ(CountFrames(other.get()), uint64_t{kManyFrames})
        << "another stream noticed";
    EXPECT_TRUE(other->Finish().ok());
    daemon_.WaitForNoWorkers();
  }
}

TEST_F(FailureTest, CancellingEndsTheWorker) {
  BeginLongCall()->context()->TryCancel();
  daemon_.WaitForNoWorkers();
}

TEST_F(FailureTest, ADeadlineEndsTheWorker) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() +
                       std::chrono::seconds(2));
  const auto stub = v1::DissectionService::NewStub(daemon_.Connect());
  const auto reader = stub->Dissect(&context, LongRequest());
  v1::DissectResponse response;
  ASSERT_TRUE(reader->Read(&response));
  // Without reads, the stream is blocked when the deadline passes.
  std::this_thread::sleep_until(context.deadline());
  while (reader->Read(&response)) {
  }
  EXPECT_THAT(reader->Finish().error_code(), IsEndAtDeadline());
  daemon_.WaitForNoWorkers();
}

// The process of the client is killed, so that it cannot cancel the call.
TEST_F(FailureTest, AClientThatVanishesEndsTheWorker) {
  int output[2];
  ASSERT_EQ(pipe(output), 0);
  const std::string server = "--server=" + daemon_.address();
  const pid_t client = fork();
  if (client == 0) {
    // Nobody reads the output of the client, so that it stops reading the
    // stream soon.
    dup2(output[1], STDOUT_FILENO);
    execl(kClient, kClient, server.c_str(), "read", "many.pcap", "-V", nullptr);
    _exit(127);
  }
  WaitFor("a worker", [&] { return daemon_.WorkerPids().size() == 1; });
  kill(client, SIGKILL);
  EXPECT_EQ(waitpid(client, nullptr, 0), client);
  daemon_.WaitForNoWorkers();
  close(output[0]);
  close(output[1]);
}

TEST_F(FailureTest, TheEngineIsStartedAgain) {
  const auto lost = BeginLongCall();
  const pid_t engine = daemon_.EnginePid();
  kill(engine, SIGKILL);
  v1::DissectResponse response;
  while (lost->Next(&response)) {
  }
  const grpc::Status status = lost->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(FailureOf(status).reason(), "ENGINE_DIED");
  // A call made in between waits for the engine.
  Dissection next(daemon_.Connect(), LongRequest());
  EXPECT_EQ(CountFrames(&next), uint64_t{kManyFrames});
  EXPECT_TRUE(next.Finish().ok());
  EXPECT_NE(daemon_.EnginePid(), engine);
  // No worker outlives its engine.
  daemon_.WaitForNoWorkers();
}

// Gives a call more time to end than it takes on a busy machine.
class LongDrainTest : public FailureTest {
 protected:
  LongDrainTest() : FailureTest({"--drain-timeout=300"}) {}
};

TEST_F(LongDrainTest, StoppingLetsCallsGoOn) {
  const auto call = BeginLongCall();
  daemon_.RequestStop();
  CountFrames(call.get());
  EXPECT_TRUE(call->Finish().ok());
  EXPECT_EQ(daemon_.Wait(), 0);
}

class ShortDrainTest : public FailureTest {
 protected:
  ShortDrainTest() : FailureTest({"--drain-timeout=0", "--max-workers=2"}) {}
};

TEST_F(ShortDrainTest, StoppingCancelsWhatGoesOnForTooLong) {
  const auto call = BeginLongCall();
  const pid_t engine = daemon_.EnginePid();
  EXPECT_EQ(daemon_.Stop(), 0);
  CountFrames(call.get());
  EXPECT_EQ(call->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_NE(kill(engine, 0), 0) << "dissectd-engine is still there";
}

class FewCallsTest : public FailureTest {
 protected:
  FewCallsTest() : FailureTest({"--max-calls=1"}) {}
};

TEST_F(FewCallsTest, RefusesMoreCallsThanTheLimit) {
  const auto first = BeginLongCall();
  const DissectionResult second = Dissect(daemon_.Connect(), LongRequest());
  EXPECT_EQ(second.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(FailureOf(second.status).reason(), "TOO_MANY_CALLS");
  first->context()->TryCancel();
  WaitFor("a place", [&] {
    Dissection next(daemon_.Connect(), LongRequest());
    v1::DissectResponse response;
    return next.Next(&response);
  });
}

TEST_F(ShortDrainTest, RefusesMoreWorkersThanTheLimit) {
  const auto first = BeginLongCall();
  const auto second = BeginLongCall();
  const DissectionResult third = Dissect(daemon_.Connect(), LongRequest());
  EXPECT_EQ(third.status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(FailureOf(third.status).reason(), "TOO_MANY_WORKERS");
  first->context()->TryCancel();
  WaitFor("a place", [&] { return daemon_.WorkerPids().size() == 1; });
  WaitFor("its use", [&] {
    Dissection next(daemon_.Connect(), LongRequest());
    v1::DissectResponse response;
    return next.Next(&response);
  });
}

}  // namespace
}  // namespace dissectd
