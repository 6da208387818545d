// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/metrics/duration_counts.h"

#include <gtest/gtest.h>

#include <chrono>

namespace dissectd::server::metrics {
namespace {

using std::chrono::milliseconds;

TEST(DurationCountsTest, ADurationCountsForTheFirstBoundThatIncludesIt) {
  DurationCounts counts;
  counts.Add(milliseconds(0));
  counts.Add(milliseconds(1));
  counts.Add(milliseconds(2));
  counts.Add(std::chrono::hours(2));
  const auto values = counts.counts();
  EXPECT_EQ(values.front(), 2u);
  EXPECT_EQ(values[1], 1u);
  EXPECT_EQ(values.back(), 1u);
  EXPECT_DOUBLE_EQ(counts.total_seconds(), 7200.003);
}

// A clock that goes backward doesn't make the sum enormous.
TEST(DurationCountsTest, ANegativeDurationAddsNothing) {
  DurationCounts counts;
  counts.Add(milliseconds(-5));
  EXPECT_EQ(counts.counts().front(), 1u);
  EXPECT_DOUBLE_EQ(counts.total_seconds(), 0);
}

}  // namespace
}  // namespace dissectd::server::metrics
