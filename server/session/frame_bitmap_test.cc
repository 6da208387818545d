// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/frame_bitmap.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

namespace dissectd::server {
namespace {

std::string BitsOf(const std::set<uint32_t>& frames, size_t bytes) {
  std::string bits(bytes, '\0');
  for (const uint32_t frame : frames) {
    const uint32_t bit = frame - 1;
    bits[bit / 8] = static_cast<char>(
        static_cast<unsigned char>(bits[bit / 8]) | (1u << bit % 8));
  }
  return bits;
}

TEST(FrameBitmapTest, AgreesWithASet) {
  std::mt19937 random(1);
  for (const uint32_t frames : {1u, 7u, 8u, 9u, 511u, 512u, 513u, 2000u}) {
    for (const uint32_t percent : {0u, 1u, 50u, 100u}) {
      std::set<uint32_t> chosen;
      for (uint32_t frame = 1; frame <= frames; ++frame) {
        if (random() % 100 < percent) chosen.insert(frame);
      }
      const FrameBitmap bitmap(BitsOf(chosen, (frames + 7) / 8), frames);
      ASSERT_EQ(bitmap.count(), chosen.size());
      uint32_t before = 0;
      uint32_t previous = 0;
      for (uint32_t frame = 1; frame <= frames; ++frame) {
        const auto next = chosen.upper_bound(frame);
        ASSERT_EQ(bitmap.Has(frame), chosen.count(frame) == 1);
        ASSERT_EQ(bitmap.CountBefore(frame), before) << frame;
        ASSERT_EQ(bitmap.Previous(frame), previous);
        ASSERT_EQ(bitmap.Next(frame), next == chosen.end() ? 0 : *next);
        if (chosen.count(frame) == 0) continue;
        ASSERT_EQ(bitmap.At(before), frame);
        ++before;
        previous = frame;
      }
      EXPECT_EQ(bitmap.At(bitmap.count()), 0u);
      EXPECT_FALSE(bitmap.Has(0));
      EXPECT_FALSE(bitmap.Has(frames + 1));
      EXPECT_EQ(bitmap.CountBefore(frames + 100), chosen.size());
    }
  }
}

TEST(FrameBitmapTest, IgnoresBitsWithoutAFrame) {
  const FrameBitmap long_one(std::string(10, '\xff'), 9);
  EXPECT_EQ(long_one.count(), 9u);
  EXPECT_EQ(long_one.Next(9), 0u);
  const FrameBitmap short_one("\xff", 100);
  EXPECT_EQ(short_one.count(), 8u);
  EXPECT_EQ(FrameBitmap("", 0).count(), 0u);
}

}  // namespace
}  // namespace dissectd::server
