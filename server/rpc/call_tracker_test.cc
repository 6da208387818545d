// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call_tracker.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/rpc/grpc_status.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {
namespace {

// Returns the reason why a call of the caller is refused; empty if it isn't.
std::string RefusalOf(CallTracker* tracker, const std::string& caller) {
  const absl::Status status = tracker->Enter(caller).status();
  return status.ok() ? "" : FailureOf(status).reason();
}

TEST(CallTrackerTest, RefusesCallsBeyondTheLimitUntilOneLeaves) {
  CallTracker tracker(2, 2);
  absl::StatusOr<CallTracker::Token> first = tracker.Enter("a");
  const absl::StatusOr<CallTracker::Token> second = tracker.Enter("b");
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(RefusalOf(&tracker, "c"), "TOO_MANY_CALLS");
  { const CallTracker::Token left = *std::move(first); }
  EXPECT_EQ(RefusalOf(&tracker, "c"), "");
}

TEST(CallTrackerTest, OneCallerCannotHaveAllCalls) {
  CallTracker tracker(3, 2);
  absl::StatusOr<CallTracker::Token> first = tracker.Enter("a");
  const absl::StatusOr<CallTracker::Token> second = tracker.Enter("a");
  EXPECT_EQ(RefusalOf(&tracker, "a"), "TOO_MANY_CALLS_OF_CALLER");
  EXPECT_EQ(RefusalOf(&tracker, "b"), "");
  { const CallTracker::Token left = *std::move(first); }
  EXPECT_EQ(RefusalOf(&tracker, "a"), "");
}

TEST(CallTrackerTest, RefusesCallsOnceItIsClosed) {
  CallTracker tracker(1, 1);
  tracker.CloseAndWait(std::chrono::seconds(0));
  EXPECT_EQ(RefusalOf(&tracker, "a"), "SERVER_STOPPING");
}

TEST(WorkerLimitTest, OneCallerCannotHaveAllWorkers) {
  WorkerLimit limit(3, 2);
  absl::StatusOr<WorkerLimit::Permit> first = limit.Take("a");
  absl::StatusOr<WorkerLimit::Permit> second = limit.Take("a");
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(FailureOf(limit.Take("a").status()).reason(),
            "TOO_MANY_WORKERS_OF_CALLER");
  const absl::StatusOr<WorkerLimit::Permit> other = limit.Take("b");
  EXPECT_TRUE(other.ok());
  EXPECT_EQ(FailureOf(limit.Take("c").status()).reason(), "TOO_MANY_WORKERS");
  // A permit that has moved is returned once.
  { const WorkerLimit::Permit moved = *std::move(first); }
  *second = WorkerLimit::Permit();
  EXPECT_TRUE(limit.Take("a").ok());
}

TEST(WorkerLimitTest, WorkersThatEndSoonLeaveRoomForOthers) {
  WorkerLimit limit(2, 1);
  absl::StatusOr<WorkerLimit::Permit> first = limit.Take("a");
  ASSERT_TRUE(first.ok());
  first->EndSoon();
  first->EndSoon();
  WorkerLimit::Permit moved = *std::move(first);
  absl::StatusOr<WorkerLimit::Permit> second = limit.Take("a");
  ASSERT_TRUE(second.ok());
  second->EndSoon();
  // Two processes of the caller are ending, one more than it may have.
  EXPECT_EQ(FailureOf(limit.Take("a").status()).reason(),
            "TOO_MANY_WORKERS_OF_CALLER");
  EXPECT_TRUE(limit.Take("b").ok());
  moved = WorkerLimit::Permit();
  EXPECT_TRUE(limit.Take("a").ok());
}

}  // namespace
}  // namespace dissectd::server
