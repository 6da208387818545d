// SPDX-License-Identifier: GPL-2.0-or-later

// Tests which of the signals that end the daemon counts: with a time for
// balancers and captures that can go on, they differ most.

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <string>

#include "tests/e2e/kept_capture_fixture.h"
#include "tests/e2e/process_children.h"
#include "tests/e2e/raw_call.h"

namespace dissectd {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

// A serialised grpc.health.v1.HealthCheckResponse with `status` = 2.
constexpr char kNotServing[] = "\x08\x02";

class SignalTest : public KeptCaptureFixture {
 protected:
  explicit SignalTest(const std::string& lame_duck)
      : KeptCaptureFixture({"--keep-captures=120", lame_duck}) {}

  void SetUp() override {
    KeptCaptureFixture::SetUp();
    if (IsSkipped()) return;
    capture_ = client().Create(CaptureOf("lo"));
    SendUdp({.count = 20});
    client().WaitForPackets(capture_.name(), 20);
    dumpcap_ = DumpcapProcess(capture_);
  }

  void Signal(int signal) { kill(daemon().pid(), signal); }

  void AwaitLameDuck() {
    WaitFor("the end of serving", [&] {
      std::string response;
      return RawCall(channel(), "/grpc.health.v1.Health/Check", "", &response)
                 .ok() &&
             response == kNotServing;
    });
  }

  void TearDown() override {
    KeptCaptureFixture::TearDown();
    // A termination would have to wait.
    if (!IsSkipped()) EndDaemon(SIGINT);
  }

  // Expects that the daemon ends, and its capture with it.
  void ExpectCaptureEnds() {
    EXPECT_EQ(daemon().Wait(), 0);
    WaitFor("the end of dumpcap", [&] { return !IsRunning(dumpcap_); });
    StartDaemon();
    const v1::Capture ended = client().Get(capture_.name());
    EXPECT_EQ(ended.stopped().reason(), v1::STOP_REASON_SHUTDOWN);
    ExpectPackets(ended, 20);
  }

  // Expects that the daemon ends, and leaves its capture to the next one.
  void ExpectCaptureGoesOn() {
    EXPECT_EQ(daemon().Wait(), 0);
    EXPECT_TRUE(IsRunning(dumpcap_));
    StartDaemon();
    EXPECT_EQ(client().Get(capture_.name()).state(), v1::CAPTURE_STATE_RUNNING);
  }

 private:
  v1::Capture capture_;
  pid_t dumpcap_ = 0;
};

// The time is longer than tests wait for the end of the daemon.
class LongLameDuckTest : public SignalTest {
 protected:
  LongLameDuckTest() : SignalTest("--lame-duck=300") {}
};

TEST_F(LongLameDuckTest, AnInterruptEndsItAndCaptures) {
  Signal(SIGTERM);
  AwaitLameDuck();
  // Only an interrupt does.
  Signal(SIGTERM);
  EXPECT_EQ(client().List().size(), 1u);
  Signal(SIGINT);
  ExpectCaptureEnds();
}

TEST_F(LongLameDuckTest, AnInterruptSkipsIt) {
  Signal(SIGINT);
  ExpectCaptureEnds();
}

TEST_F(LongLameDuckTest, AnInterruptCountsMoreThanATermination) {
  // Both are pending when the daemon goes on.
  Signal(SIGSTOP);
  Signal(SIGTERM);
  Signal(SIGINT);
  Signal(SIGCONT);
  ExpectCaptureEnds();
}

class ShortLameDuckTest : public SignalTest {
 protected:
  ShortLameDuckTest() : SignalTest("--lame-duck=3") {}
};

TEST_F(ShortLameDuckTest, ATerminationWaitsForItAndKeepsCaptures) {
  const auto start = steady_clock::now();
  Signal(SIGTERM);
  AwaitLameDuck();
  Signal(SIGTERM);
  ExpectCaptureGoesOn();
  EXPECT_GE(steady_clock::now() - start, seconds(3));
}

class NoLameDuckTest : public SignalTest {
 protected:
  NoLameDuckTest() : SignalTest("--lame-duck=0") {}
};

TEST_F(NoLameDuckTest, ATerminationKeepsCaptures) {
  Signal(SIGTERM);
  ExpectCaptureGoesOn();
}

TEST_F(NoLameDuckTest, AnInterruptCountsMoreThanATermination) {
  Signal(SIGSTOP);
  Signal(SIGTERM);
  Signal(SIGINT);
  Signal(SIGCONT);
  ExpectCaptureEnds();
}

}  // namespace
}  // namespace dissectd
