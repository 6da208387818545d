// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/raster.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace dissectd::cli {
namespace {

// Returns a picture with a character for each pixel.
std::vector<std::string> Picture(const Raster& raster) {
  std::vector<std::string> lines;
  for (int y = 0; y < raster.height(); ++y) {
    std::string line;
    for (int x = 0; x < raster.width(); ++x) {
      line += ".123456"[raster.Get(x, y)];
    }
    lines.push_back(line);
  }
  return lines;
}

std::vector<std::string> Draw(const std::vector<PlotSeries>& series) {
  Plot plot;
  plot.series = series;
  const PlotAxes axes{Axis(0, 4, 4), Axis(0, 2, 2)};
  Raster raster(5, 3);
  DrawSeries(plot, axes, {0, 0, 5, 3}, &raster);
  return Picture(raster);
}

using Lines = std::vector<std::string>;

TEST(RasterTest, LinesJoinTheirEnds) {
  Raster raster(4, 3);
  raster.DrawLine({0, 0}, {3, 0}, 1);
  raster.DrawLine({0, 2}, {1, 1}, 2);
  raster.DrawLine({9, 9}, {9, 9}, 3);
  EXPECT_EQ(Picture(raster), (Lines{"1111", ".2..", "2..."}));
}

TEST(RasterTest, StylesDrawTheSamePointsDifferently) {
  const std::vector<PlotPoint> points = {{0, 0}, {2, 2}, {4, 0}, {4, 1}};
  EXPECT_EQ(Draw({{"", PlotStyle::kDots, points}}),
            (Lines{"..1..", "....1", "1...1"}));
  EXPECT_EQ(Draw({{"", PlotStyle::kLine, points}}),
            (Lines{"..1..", ".1.11", "1...1"}));
  EXPECT_EQ(Draw({{"", PlotStyle::kSteps, points}}),
            (Lines{"..111", "..1.1", "111.1"}));
  EXPECT_EQ(Draw({{"", PlotStyle::kBars, points}}),
            (Lines{"..1..", ".1..1", "1...1"}));
}

TEST(RasterTest, SeriesHaveColors) {
  EXPECT_EQ(Draw({{"", PlotStyle::kDots, {{0, 0}}},
                  {"", PlotStyle::kDots, {{1, 0}}}}),
            (Lines{".....", ".....", "12..."}));
  EXPECT_EQ(RasterColorOfSeries(0), RasterColorOfSeries(kPlotColors.size()));
}

TEST(RasterTest, ValuesThatAreNoNumbersInterruptLines) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Draw({{"", PlotStyle::kLine, {{0, 0}, {1, none}, {4, 0}}}}),
            (Lines{".....", ".....", "1...1"}));
}

TEST(RasterTest, AnAreaIsAPartOfTheRaster) {
  Plot plot;
  plot.series = {{"", PlotStyle::kLine, {{0, 0}, {4, 0}}}};
  const PlotAxes axes{Axis(0, 4, 4), Axis(0, 2, 2)};
  Raster raster(5, 3);
  DrawSeries(plot, axes, {1, 0, 3, 2}, &raster);
  EXPECT_EQ(Picture(raster), (Lines{".....", ".111.", "....."}));
}

}  // namespace
}  // namespace dissectd::cli
