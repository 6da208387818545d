// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dissection/crash_recovery.h"

#include <gtest/gtest.h>

#include <csignal>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::server {
namespace {

// A crash at a frame in the only pass.
WorkerOutcome CrashAt(uint32_t frame) {
  WorkerOutcome outcome;
  outcome.end = WorkerEnd{WorkerEnd::Kind::kSignaled, SIGSEGV};
  outcome.frame = frame;
  outcome.position = {1, frame};
  outcome.protocol = "UDP";
  return outcome;
}

struct Start {
  ipc::DissectionStart start = {};
  std::vector<ipc::KnownCrash> crashes;
};

Start StartOf(const CrashRecovery& recovery) {
  const std::string bytes = recovery.StartOfRequest();
  absl::string_view rest = bytes;
  Start start;
  EXPECT_TRUE(ipc::TakeStruct(&rest, &start.start));
  ipc::KnownCrash crash;
  while (ipc::TakeStruct(&rest, &crash)) start.crashes.push_back(crash);
  EXPECT_TRUE(rest.empty());
  EXPECT_EQ(start.start.crash_count, start.crashes.size());
  return start;
}

TEST(CrashRecoveryTest, TheFirstWorkerBeginsWithTheHeader) {
  const Start start = StartOf(CrashRecovery(3));
  EXPECT_EQ(start.start.header_sent, 0u);
  EXPECT_EQ(start.start.last_frame, 0u);
  EXPECT_EQ(start.start.max_crashes, 3u);
  EXPECT_TRUE(start.crashes.empty());
}

TEST(CrashRecoveryTest, TheNextWorkerLeavesOutTheFrame) {
  CrashRecovery recovery(3);
  recovery.AddMessage(0);
  recovery.AddMessage(5);
  // A pass worker doesn't know of the messages of others.
  recovery.AddMessage(0);
  ASSERT_TRUE(recovery.MayContinueAfter(CrashAt(8)));
  const Start start = StartOf(recovery);
  EXPECT_EQ(start.start.header_sent, 1u);
  EXPECT_EQ(start.start.last_frame, 5u);
  EXPECT_EQ(start.start.reported.record, 8u);
  ASSERT_EQ(start.crashes.size(), 1u);
  EXPECT_EQ(start.crashes[0].frame, 8u);
  EXPECT_EQ(start.crashes[0].signal, SIGSEGV);
  EXPECT_EQ(start.crashes[0].exit_status, 0);
  EXPECT_STREQ(start.crashes[0].protocol, "UDP");
}

TEST(CrashRecoveryTest, GoesOnUpToTheLimit) {
  CrashRecovery recovery(2);
  EXPECT_TRUE(recovery.MayContinueAfter(CrashAt(1)));
  EXPECT_TRUE(recovery.MayContinueAfter(CrashAt(2)));
  EXPECT_FALSE(recovery.MayContinueAfter(CrashAt(3)));
}

TEST(CrashRecoveryTest, CountsFramesThatAreKnownToCrash) {
  CrashRecovery recovery(2);
  ipc::KnownCrash known = {};
  known.frame = 7;
  recovery.LeaveOut(known);
  EXPECT_TRUE(recovery.MayContinueAfter(CrashAt(9)));
  ASSERT_EQ(recovery.frames().size(), 2u);
  EXPECT_EQ(recovery.frames()[0].frame, 7u);
  EXPECT_EQ(recovery.frames()[1].frame, 9u);
  EXPECT_FALSE(recovery.MayContinueAfter(CrashAt(11)));
}

TEST(CrashRecoveryTest, NeverGoesOnWithoutALimit) {
  CrashRecovery recovery(0);
  EXPECT_FALSE(recovery.MayContinueAfter(CrashAt(1)));
}

TEST(CrashRecoveryTest, BeginsOnceMoreAfterACrashBeforeAnyFrame) {
  CrashRecovery recovery(3);
  recovery.AddMessage(0);
  ASSERT_TRUE(recovery.MayContinueAfter(CrashAt(0)));
  const Start start = StartOf(recovery);
  EXPECT_EQ(start.start.header_sent, 1u);
  EXPECT_EQ(start.start.last_frame, 0u);
  EXPECT_TRUE(start.crashes.empty());
  EXPECT_FALSE(recovery.MayContinueAfter(CrashAt(0)));
}

TEST(CrashRecoveryTest, NeverBeginsAgainWithoutALimit) {
  EXPECT_FALSE(CrashRecovery(0).MayContinueAfter(CrashAt(0)));
}

TEST(CrashRecoveryTest, DoesNotGoOnIfTooManyFramesHaveCrashedPassWorkers) {
  CrashRecovery recovery(3);
  WorkerOutcome outcome = CrashAt(1);
  outcome.gave_up = true;
  EXPECT_FALSE(recovery.MayContinueAfter(outcome));
}

TEST(CrashRecoveryTest, DoesNotGoOnAfterTheProcessorTimeIsUsedUp) {
  CrashRecovery recovery(3);
  WorkerOutcome outcome = CrashAt(1);
  outcome.end->value = SIGXCPU;
  EXPECT_FALSE(recovery.MayContinueAfter(outcome));
}

TEST(CrashRecoveryTest, AFrameThatWasSentIsLeftOutOnlyIfItCrashesTwice) {
  CrashRecovery recovery(3);
  recovery.AddMessage(5);
  ASSERT_TRUE(recovery.MayContinueAfter(CrashAt(5)));
  EXPECT_TRUE(StartOf(recovery).crashes.empty());
  ASSERT_TRUE(recovery.MayContinueAfter(CrashAt(5)));
  EXPECT_EQ(StartOf(recovery).crashes.size(), 1u);
}

TEST(CrashRecoveryTest, BetweenFramesOnlyARepeatedCrashEndsTheCall) {
  CrashRecovery recovery(3);
  recovery.AddMessage(5);
  WorkerOutcome outcome = CrashAt(0);
  outcome.position = {1, 9};
  ASSERT_TRUE(recovery.MayContinueAfter(outcome));
  EXPECT_TRUE(StartOf(recovery).crashes.empty());
  EXPECT_FALSE(recovery.MayContinueAfter(outcome));
}

TEST(CrashRecoveryTest, ProgressIsNotReportedTwice) {
  CrashRecovery recovery(3);
  WorkerOutcome second_pass = CrashAt(7);
  second_pass.position = {2, 7};
  ASSERT_TRUE(recovery.MayContinueAfter(second_pass));
  ASSERT_TRUE(recovery.MayContinueAfter(CrashAt(9)));
  EXPECT_EQ(StartOf(recovery).start.reported.pass, 2u);
  EXPECT_EQ(StartOf(recovery).start.reported.record, 7u);
}

}  // namespace
}  // namespace dissectd::server
