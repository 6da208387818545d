// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/io_stat_series.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace dissectd::engine {
namespace {

constexpr uint64_t kSecond = 1000000;

IoSeries FramesAndBytes(uint64_t interval_us) {
  return {IoSeriesOptions(), interval_us};
}

TEST(IoStatSeriesTest, CountsFramesByInterval) {
  IoSeries series = FramesAndBytes(kSecond);
  series.AddFrame(0, 60, nullptr);
  series.AddFrame(2 * kSecond, 100, nullptr);
  // An earlier frame is part of the latest interval.
  series.AddFrame(kSecond, 200, nullptr);
  EXPECT_EQ(series.interval_count(), 3u);
  EXPECT_EQ(series.most_frames(), 2u);
  EXPECT_EQ(series.most_total(), 300u);
  IoSeries::Reader reader(&series);
  EXPECT_EQ(reader.At(0).total, 60u);
  EXPECT_EQ(reader.At(1).frames, 0u);
  EXPECT_EQ(reader.At(2).frames, 2u);
  EXPECT_EQ(reader.At(2).total, 300u);
  EXPECT_EQ(reader.At(3).frames, 0u);
}

// With a number for each interval, this would need more memory than there is.
TEST(IoStatSeriesTest, IntervalsWithoutFramesNeedNoMemory) {
  constexpr uint64_t kLate = uint64_t{1} << 60;
  IoSeries series = FramesAndBytes(1);
  series.AddFrame(3, 60, nullptr);
  series.AddFrame(kLate, 70, nullptr);
  EXPECT_EQ(series.interval_count(), kLate + 1);
  IoSeries::Reader reader(&series);
  EXPECT_EQ(reader.NextUsed(0), 0u);
  EXPECT_EQ(reader.NextUsed(1), 3u);
  EXPECT_EQ(reader.At(3).total, 60u);
  EXPECT_EQ(reader.NextUsed(4), kLate);
  EXPECT_EQ(reader.At(kLate - 1).frames, 0u);
  EXPECT_EQ(reader.At(kLate).total, 70u);
  EXPECT_EQ(reader.NextUsed(kLate + 1), std::numeric_limits<uint64_t>::max());
}

TEST(IoStatSeriesTest, TheWholeCaptureIsOneInterval) {
  IoSeries series = FramesAndBytes(kWholeCapture);
  series.AddFrame(0, 60, nullptr);
  series.AddFrame(5 * kSecond, 60, nullptr);
  EXPECT_EQ(series.interval_count(), 1u);
  EXPECT_EQ(IoSeries::Reader(&series).At(0).frames, 2u);
}

}  // namespace
}  // namespace dissectd::engine
