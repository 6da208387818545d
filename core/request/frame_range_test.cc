// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/frame_range.h"

#include <gtest/gtest.h>

#include <limits>
#include <optional>

#include "absl/status/status.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::engine {
namespace {

v1::TimeValue Time(int64_t seconds, int32_t nanos) {
  v1::TimeValue time;
  time.set_seconds(seconds);
  time.set_nanos(nanos);
  return time;
}

FrameRange Range(const std::optional<v1::TimeValue>& from,
                 const std::optional<v1::TimeValue>& until) {
  v1::FrameRange range;
  if (from.has_value()) *range.mutable_from_time() = *from;
  if (until.has_value()) *range.mutable_until_time() = *until;
  return ReadFrameRange(range.SerializeAsString());
}

TEST(FrameRangeTest, HasTheTimesFromOneOnAndBeforeAnother) {
  const FrameRange range = Range(Time(10, 5), Time(12, 0));
  EXPECT_FALSE(range.HasTime(FrameTime{10, 4}));
  EXPECT_TRUE(range.HasTime(FrameTime{10, 5}));
  EXPECT_TRUE(range.HasTime(FrameTime{11, 0}));
  EXPECT_TRUE(range.HasTime(FrameTime{11, 999'999'999}));
  EXPECT_FALSE(range.HasTime(FrameTime{12, 0}));
  EXPECT_FALSE(range.HasTime(std::nullopt));
}

TEST(FrameRangeTest, CanHaveOneEnd) {
  EXPECT_TRUE(Range(Time(-1, 0), std::nullopt).HasTime(FrameTime{-1, 0}));
  EXPECT_FALSE(Range(Time(-1, 0), std::nullopt).HasTime(FrameTime{-2, 9}));
  EXPECT_TRUE(Range(std::nullopt, Time(0, 1)).HasTime(FrameTime{0, 0}));
  EXPECT_FALSE(Range(std::nullopt, Time(0, 1)).HasTime(std::nullopt));
  EXPECT_TRUE(FrameRange().HasTime(std::nullopt));
}

TEST(FrameRangeTest, HasNumbers) {
  FrameRange range;
  EXPECT_TRUE(range.HasNumber(std::numeric_limits<uint32_t>::max()));
  range.first = 3;
  range.last = 4;
  EXPECT_FALSE(range.HasNumber(2));
  EXPECT_TRUE(range.HasNumber(3));
  EXPECT_TRUE(range.HasNumber(4));
  EXPECT_FALSE(range.HasNumber(5));
}

TEST(FrameRangeTest, IsRefusedIfItIsEmptyOrNotATime) {
  EXPECT_TRUE(CheckFrameRange(FrameRange()).ok());
  EXPECT_TRUE(CheckFrameRange(Range(Time(1, 0), Time(1, 1))).ok());
  for (const FrameRange& range :
       {Range(Time(1, 0), Time(1, 0)), Range(Time(1, 1), Time(1, 0)),
        Range(Time(2, 0), Time(1, 5)), Range(Time(0, -1), std::nullopt),
        Range(std::nullopt, Time(0, 1'000'000'000))}) {
    EXPECT_TRUE(absl::IsInvalidArgument(CheckFrameRange(range)));
  }
}

TEST(FrameRangeTest, IsWithoutALimitWhereThereIsNone) {
  FrameRange range;
  EXPECT_TRUE(CheckUnlimitedRange(range).ok());
  range.limit = 1;
  EXPECT_TRUE(CheckFrameRange(range).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(CheckUnlimitedRange(range)));
}

}  // namespace
}  // namespace dissectd::engine
