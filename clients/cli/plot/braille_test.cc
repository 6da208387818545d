// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/braille.h"

#include <gtest/gtest.h>

namespace dissectd::cli {
namespace {

TEST(BrailleTest, EachPixelIsADot) {
  const char* const kDots[kBrailleHeight][kBrailleWidth] = {
      {"⠁", "⠈"}, {"⠂", "⠐"}, {"⠄", "⠠"}, {"⡀", "⢀"}};
  for (int y = 0; y < kBrailleHeight; ++y) {
    for (int x = 0; x < kBrailleWidth; ++x) {
      Raster raster(kBrailleWidth, kBrailleHeight);
      raster.Set(x, y, 1);
      EXPECT_EQ(BrailleLine(raster, 0, false), kDots[y][x]) << x << " " << y;
    }
  }
}

TEST(BrailleTest, EmptyCellsAreBlanks) {
  Raster raster(6, 8);
  raster.DrawLine({2, 4}, {2, 7}, 1);
  raster.DrawLine({3, 4}, {3, 7}, 1);
  EXPECT_EQ(BrailleLine(raster, 0, false), "   ");
  EXPECT_EQ(BrailleLine(raster, 1, false), " ⣿ ");
}

TEST(BrailleTest, ColorsBeginWhereTheyChange) {
  Raster raster(8, 4);
  raster.Set(0, 0, 1);
  raster.Set(4, 0, 1);
  raster.Set(6, 0, 2);
  EXPECT_EQ(BrailleLine(raster, 0, true), "\033[36m⠁ ⠁\033[31m⠁\033[0m");
  EXPECT_EQ(BrailleLine(Raster(4, 4), 0, true), "  ");
}

}  // namespace
}  // namespace dissectd::cli
