// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/axis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

namespace dissectd::cli {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Labels(const Axis& axis) {
  std::vector<std::string> labels;
  labels.reserve(static_cast<size_t>(axis.tick_count()));
  for (int i = 0; i < axis.tick_count(); ++i) labels.push_back(axis.Label(i));
  return labels;
}

TEST(AxisTest, TicksAreRoundNumbersAroundTheValues) {
  EXPECT_THAT(Labels(Axis(0, 9.3, 5)),
              ElementsAre("0", "2", "4", "6", "8", "10"));
  EXPECT_THAT(Labels(Axis(-3, 4, 4)), ElementsAre("-4", "-2", "0", "2", "4"));
  EXPECT_THAT(Labels(Axis(0, 0.3, 3)), ElementsAre("0", "0.1", "0.2", "0.3"));
  EXPECT_THAT(Labels(Axis(0.0012, 0.0019, 4)),
              ElementsAre("0.0012", "0.0014", "0.0016", "0.0018", "0.002"));
}

TEST(AxisTest, LargeNumbersHaveUnits) {
  EXPECT_THAT(Labels(Axis(0, 9000, 2)), ElementsAre("0", "5000", "10000"));
  EXPECT_THAT(Labels(Axis(0, 2.5e6, 5)),
              ElementsAre("0", "0.5M", "1M", "1.5M", "2M", "2.5M"));
  EXPECT_THAT(Labels(Axis(0, 60'000, 3)),
              ElementsAre("0", "20k", "40k", "60k"));
  EXPECT_THAT(Labels(Axis(0, 4e9, 2)), ElementsAre("0", "2G", "4G"));
}

TEST(AxisTest, AnAxisOfOneValueHasAnInterval) {
  EXPECT_THAT(Labels(Axis(0, 0, 1)), ElementsAre("0", "1"));
  const Axis axis(7, 7, 2);
  EXPECT_LE(axis.minimum(), 7);
  EXPECT_GT(axis.maximum(), 7);
}

TEST(AxisTest, FractionsAreBetweenTheEnds) {
  const Axis axis(0, 10, 5);
  EXPECT_DOUBLE_EQ(axis.Fraction(0), 0);
  EXPECT_DOUBLE_EQ(axis.Fraction(5), 0.5);
  EXPECT_DOUBLE_EQ(axis.Fraction(10), 1);
}

TEST(AxisTest, AxesHaveAllPoints) {
  Plot plot;
  plot.series = {{"a", PlotStyle::kLine, {{1, 5}, {2, 10}}},
                 {"b", PlotStyle::kLine, {{9, 3}}}};
  const PlotAxes axes = AxesOf(plot, 4, 5);
  EXPECT_LE(axes.x.minimum(), 1);
  EXPECT_GE(axes.x.maximum(), 9);
  EXPECT_EQ(axes.y.minimum(), 0);
  EXPECT_GE(axes.y.maximum(), 10);
}

TEST(AxisTest, ValuesFarFromZeroHaveTheirOwnScale) {
  Plot plot;
  plot.series = {{"a", PlotStyle::kLine, {{0, 1000}, {1, 1001}}}};
  EXPECT_EQ(AxesOf(plot, 4, 5).y.minimum(), 1000);
}

TEST(AxisTest, PlotsWithoutPointsHaveAxes) {
  Plot plot;
  plot.series = {
      {"a", PlotStyle::kLine, {{0, std::numeric_limits<double>::quiet_NaN()}}},
      {"b", PlotStyle::kDots, {}}};
  const PlotAxes axes = AxesOf(plot, 4, 5);
  EXPECT_LT(axes.x.minimum(), axes.x.maximum());
  EXPECT_LT(axes.y.minimum(), axes.y.maximum());
}

}  // namespace
}  // namespace dissectd::cli
