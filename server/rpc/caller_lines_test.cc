// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/caller_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/base/errors.h"
#include "server/base/identity_errors.h"

namespace dissectd::server {
namespace {

using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr uint32_t kMax = CallerLines::kMaxPerSecond;

// Returns the number of lines that a caller may have.
uint32_t Allowed(CallerLines* lines, const std::string& caller, uint32_t tries,
                 absl::Time now) {
  uint32_t allowed = 0;
  for (uint32_t i = 0; i < tries; ++i) {
    if (lines->Allow(caller, now)) ++allowed;
  }
  return allowed;
}

TEST(CallerLinesTest, EachCallerHasItsLines) {
  CallerLines lines;
  const absl::Time start = absl::UnixEpoch();
  EXPECT_EQ(Allowed(&lines, "a", kMax + 7, start), kMax);
  EXPECT_EQ(Allowed(&lines, "b", kMax, start), kMax);
  EXPECT_THAT(lines.TakeLeftOut(start), IsEmpty());
  const absl::Time later = start + absl::Seconds(1);
  EXPECT_EQ(Allowed(&lines, "a", kMax + 1, later), kMax);
  EXPECT_THAT(lines.TakeLeftOut(later), UnorderedElementsAre(Pair("a", 7)));
  EXPECT_THAT(lines.TakeLeftOut(later), IsEmpty());
  EXPECT_THAT(lines.TakeAllLeftOut(), UnorderedElementsAre(Pair("a", 1)));
}

TEST(CallerLinesTest, LinesOfSeveralSecondsAreAdded) {
  CallerLines lines;
  absl::Time now = absl::UnixEpoch();
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Allowed(&lines, "a", kMax + 2, now), kMax);
    now += absl::Seconds(5);
  }
  EXPECT_THAT(lines.TakeLeftOut(now), UnorderedElementsAre(Pair("a", 6)));
}

TEST(CallerLinesTest, AClockThatIsSetBackBeginsAnotherSecond) {
  CallerLines lines;
  const absl::Time start = absl::UnixEpoch();
  EXPECT_EQ(Allowed(&lines, "a", kMax + 1, start), kMax);
  EXPECT_EQ(Allowed(&lines, "a", kMax, start - absl::Hours(1)), kMax);
}

TEST(CallerLinesTest, MemoryDoesNotGrowWithTheNumberOfCallers) {
  CallerLines lines;
  const absl::Time start = absl::UnixEpoch();
  uint32_t allowed = 0;
  for (size_t i = 0; i < 2 * CallerLines::kMaxCallers; ++i) {
    allowed += Allowed(&lines, absl::StrCat("caller-", i), 1, start);
  }
  EXPECT_EQ(allowed, CallerLines::kMaxCallers + kMax);
  EXPECT_THAT(lines.TakeAllLeftOut(),
              UnorderedElementsAre(
                  Pair("other callers", CallerLines::kMaxCallers - kMax)));
}

TEST(CallerLinesTest, CallersThatAreNotIdentifiedAreCountedTogether) {
  CallInfo first;
  first.share_key = "ipv4:192.0.2.1";
  CallInfo second;
  second.share_key = "ipv4:192.0.2.2";
  const absl::Status refused = errors::Unauthenticated("There is no token.");
  const absl::Status cancelled = absl::CancelledError("");
  EXPECT_EQ(CallerLines::CallerOf({first, refused, {}, {}, {}}),
            CallerLines::CallerOf({second, refused, {}, {}, {}}));
  // Its token wasn't looked at.
  const absl::Status exceeded = errors::CallRateExceeded(1);
  EXPECT_EQ(
      CallerLines::CallerOf({first, errors::Unseen(exceeded), {}, {}, {}}),
      CallerLines::CallerOf({second, refused, {}, {}, {}}));
  EXPECT_EQ(CallerLines::CallerOf({first, exceeded, {}, {}, {}}),
            "ipv4:192.0.2.1");
  EXPECT_EQ(CallerLines::CallerOf({first, cancelled, {}, {}, {}}),
            "ipv4:192.0.2.1");
}

}  // namespace
}  // namespace dissectd::server
