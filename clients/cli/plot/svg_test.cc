// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/svg.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <limits>
#include <string>
#include <vector>

namespace dissectd::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// Returns whether all elements of a text in XML are closed in order, and
// nothing in it has to be escaped.
bool IsWellFormed(const std::string& text) {
  std::vector<std::string> open;
  bool had_root = false;
  for (size_t i = 0; i < text.size();) {
    if (text[i] != '<') {
      if (text[i] == '>' || (text[i] == '&' && text.find(';', i) > i + 4)) {
        return false;
      }
      if (open.empty() && !std::isspace(text[i])) return false;
      ++i;
      continue;
    }
    const size_t end = text.find('>', i);
    if (end == std::string::npos) return false;
    const std::string tag = text.substr(i + 1, end - i - 1);
    i = end + 1;
    if (tag.find('<') != std::string::npos) return false;
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag.front() == '?') continue;
    if (tag.front() == '/') {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      if (open.empty() && had_root) return false;
      had_root = true;
      open.push_back(name);
    }
  }
  return had_root && open.empty();
}

Plot PlotOf(PlotStyle style) {
  Plot plot;
  plot.title = "a < b & c\1";
  plot.x_title = "x";
  plot.y_title = "y";
  plot.series = {{"one > two", style, {{0, 0}, {5, 10}, {10, 0}, {10, 5}}}};
  return plot;
}

// Without texts, the drawing of this size is 100 pixels wide and high.
constexpr int kWidth = 190;
constexpr int kHeight = 200;

TEST(SvgTest, ImagesAreWellFormed) {
  for (const PlotStyle style : {PlotStyle::kLine, PlotStyle::kSteps,
                                PlotStyle::kDots, PlotStyle::kBars}) {
    const std::string svg = SvgImage(PlotOf(style), 800, 400);
    EXPECT_TRUE(IsWellFormed(svg)) << svg;
    EXPECT_THAT(svg, HasSubstr(">a &lt; b &amp; c <"));
    EXPECT_THAT(svg, HasSubstr("<title>one &gt; two</title>"));
    EXPECT_THAT(svg, Not(HasSubstr("\1")));
  }
  EXPECT_TRUE(IsWellFormed(SvgImage(Plot(), 1, 1)));
  EXPECT_FALSE(IsWellFormed("<a><b></a></b>"));
}

TEST(SvgTest, ImagesHaveAllPoints) {
  EXPECT_THAT(SvgImage(PlotOf(PlotStyle::kLine), kWidth, kHeight),
              HasSubstr("d=\"M70.00 150.00L120.00 50.00L170.00 150.00"
                        "L170.00 100.00\""));
  EXPECT_THAT(SvgImage(PlotOf(PlotStyle::kSteps), kWidth, kHeight),
              HasSubstr("d=\"M70.00 150.00H120.00L120.00 50.00H170.00"
                        "L170.00 150.00H170.00L170.00 100.00\""));
  EXPECT_THAT(SvgImage(PlotOf(PlotStyle::kBars), kWidth, kHeight),
              HasSubstr("d=\"M70.00 150.00L120.00 50.00M170.00 150.00"
                        "L170.00 100.00\""));
  EXPECT_THAT(SvgImage(PlotOf(PlotStyle::kDots), kWidth, kHeight),
              HasSubstr("<circle cx=\"120.00\" cy=\"50.00\" r=\"2\"/>"));
}

TEST(SvgTest, ValuesThatAreNoNumbersInterruptLines) {
  Plot plot;
  const double none = std::numeric_limits<double>::quiet_NaN();
  plot.series = {{"a", PlotStyle::kLine, {{0, 0}, {5, none}, {10, 10}}}};
  EXPECT_THAT(SvgImage(plot, kWidth, kHeight),
              HasSubstr("d=\"M70.00 150.00M170.00 50.00\""));
}

TEST(SvgTest, SeriesHaveColorsAndTicksHaveLabels) {
  const std::string svg = SvgImage(PlotOf(PlotStyle::kLine), kWidth, kHeight);
  EXPECT_THAT(svg, HasSubstr("<g stroke=\"#1f77b4\" fill=\"#1f77b4\">"));
  EXPECT_THAT(svg, HasSubstr(">10</text>"));
  EXPECT_THAT(svg, HasSubstr(">5</text>"));
}

}  // namespace
}  // namespace dissectd::cli
