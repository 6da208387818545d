// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_statistics/interval_counts.h"

#include <gtest/gtest.h>

#include "google/protobuf/util/time_util.h"

namespace dissectd::server {
namespace {

using google::protobuf::util::TimeUtil;

constexpr absl::Duration kSecond = absl::Seconds(1);

absl::Time At(double seconds) {
  return absl::FromUnixSeconds(1'000'000) + absl::Seconds(seconds);
}

v1::CaptureCounts Packets(uint64_t packets) {
  v1::CaptureCounts counts;
  counts.set_packets(packets);
  counts.set_bytes(packets * 60);
  v1::ProtocolCount* count = counts.add_protocols();
  count->set_name("udp");
  count->set_packets(packets);
  count->set_bytes(packets * 60);
  return counts;
}

void ExpectInterval(const v1::WatchCaptureStatisticsResponse& response,
                    double end, double length, uint64_t packets,
                    uint64_t total) {
  EXPECT_EQ(TimeUtil::TimestampToNanoseconds(response.time()),
            absl::ToUnixNanos(At(end)));
  EXPECT_EQ(TimeUtil::DurationToNanoseconds(response.interval()),
            absl::ToInt64Nanoseconds(absl::Seconds(length)));
  EXPECT_EQ(response.counts().packets(), packets);
  EXPECT_EQ(response.counts().bytes(), packets * 60);
  EXPECT_EQ(response.totals().packets(), total);
  if (packets != 0) {
    ASSERT_EQ(response.counts().protocols_size(), 1);
    EXPECT_EQ(response.counts().protocols(0).packets(), packets);
  }
}

TEST(IntervalCountsTest, CountsByTheTimeOfPacketsInAnyOrder) {
  IntervalCounts intervals(At(0), kSecond, Packets(7));
  intervals.Add(At(2.99), Packets(3));
  intervals.Add(At(0), Packets(1));
  intervals.Add(At(1), Packets(10));
  intervals.Add(At(0.99), Packets(2));
  EXPECT_EQ(intervals.end(), At(1));
  ExpectInterval(intervals.Take(), 1, 1, 3, 10);
  ExpectInterval(intervals.Take(), 2, 1, 10, 20);
  const v1::WatchCaptureStatisticsResponse third = intervals.Take();
  ExpectInterval(third, 3, 1, 3, 23);
  EXPECT_EQ(third.late_packets(), 0u);
  ExpectInterval(intervals.Take(), 4, 1, 0, 23);
}

TEST(IntervalCountsTest, WhatCameBeforeTheFirstIntervalCountsInTotalsOnly) {
  IntervalCounts intervals(At(0), kSecond, Packets(7));
  intervals.Add(At(-0.01), Packets(2));
  ExpectInterval(intervals.Take(), 1, 1, 0, 9);
}

TEST(IntervalCountsTest, LatePacketsCountInTheOldestIntervalThatIsLeft) {
  IntervalCounts intervals(At(0), kSecond, {});
  intervals.Take();
  intervals.Add(At(0.5), Packets(2));
  intervals.Add(At(-5), Packets(1));
  intervals.Add(At(1.5), Packets(4));
  const v1::WatchCaptureStatisticsResponse second = intervals.Take();
  ExpectInterval(second, 2, 1, 7, 7);
  EXPECT_EQ(second.late_packets(), 3u);
}

TEST(IntervalCountsTest, TheRestIsOneInterval) {
  IntervalCounts intervals(At(0), kSecond, {});
  intervals.Take();
  intervals.Add(At(1.5), Packets(4));
  ExpectInterval(intervals.TakeRest(At(1.7)), 1.7, 0.7, 4, 4);
  IntervalCounts several(At(0), kSecond, {});
  several.Add(At(0.5), Packets(1));
  several.Add(At(5), Packets(1));
  ExpectInterval(several.TakeRest(At(0.1)), 0.1, 0.1, 2, 2);
}

TEST(IntervalCountsTest, ForASlowClientTheOldestIntervalsBecomeOne) {
  constexpr int kMax = IntervalCounts::kMaxIntervals;
  IntervalCounts intervals(At(0), kSecond, {});
  for (int i = 0; i < kMax + 10; ++i) intervals.Add(At(i + 0.5), Packets(1));
  EXPECT_EQ(intervals.end(), At(11));
  ExpectInterval(intervals.Take(), 11, 11, 11, 11);
  ExpectInterval(intervals.Take(), 12, 1, 1, 12);
  // An idle capture has intervals, too.
  IntervalCounts idle(At(0), kSecond, {});
  idle.Limit(At(kMax));
  EXPECT_EQ(idle.end(), At(1));
  idle.Limit(At(kMax + 10));
  EXPECT_EQ(idle.end(), At(11));
  idle.Add(At(0.5), Packets(2));
  idle.Add(At(10.5), Packets(3));
  idle.Add(At(11), Packets(4));
  ExpectInterval(idle.Take(), 11, 11, 5, 5);
  ExpectInterval(idle.Take(), 12, 1, 4, 9);
}

TEST(IntervalCountsTest, ADayBackIntervalsGoOn) {
  constexpr double kDay = 24 * 60 * 60;
  IntervalCounts intervals(At(0), kSecond, {});
  intervals.Take();
  intervals.Add(At(1.5), Packets(4));
  intervals.Add(At(3.5), Packets(2));
  // The first interval may begin slightly later than now.
  intervals.Limit(At(0.5));
  EXPECT_EQ(intervals.end(), At(2));
  intervals.Limit(At(2 - kDay));
  EXPECT_EQ(intervals.end(), At(3 - kDay));
  intervals.Add(At(2.5 - kDay), Packets(1));
  ExpectInterval(intervals.Take(), 3 - kDay, 1, 7, 7);
  ExpectInterval(intervals.Take(), 4 - kDay, 1, 0, 7);
}

}  // namespace
}  // namespace dissectd::server
