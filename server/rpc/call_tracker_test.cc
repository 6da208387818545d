// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/call_tracker.h"

#include <gtest/gtest.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dissectd::server {
namespace {

TEST(CallTrackerTest, RefusesCallsBeyondTheLimitUntilOneLeaves) {
  CallTracker tracker(2);
  absl::StatusOr<CallTracker::Token> first = tracker.Enter();
  const absl::StatusOr<CallTracker::Token> second = tracker.Enter();
  ASSERT_TRUE(first.ok());
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(tracker.Enter().status().code(),
            absl::StatusCode::kResourceExhausted);
  { const CallTracker::Token left = *std::move(first); }
  EXPECT_TRUE(tracker.Enter().ok());
}

TEST(CallTrackerTest, RefusesCallsOnceItIsClosed) {
  CallTracker tracker(1);
  tracker.CloseAndWait(absl::ZeroDuration());
  EXPECT_EQ(tracker.Enter().status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace dissectd::server
