// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/terminal_plot.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_split.h"

namespace dissectd::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Plot Rising() {
  Plot plot;
  plot.title = "A title\n";
  plot.x_title = "s";
  plot.y_title = "Bytes";
  plot.series = {{"one", PlotStyle::kLine, {{0, 0}, {10, 100}}},
                 {"two", PlotStyle::kDots, {{5, 50}}}};
  return plot;
}

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n');
}

TEST(TerminalPlotTest, APlotHasTextsAroundItsDrawing) {
  TerminalStyle style;
  style.columns = 40;
  style.rows = 12;
  const std::vector<std::string> lines = Lines(TerminalPlot(Rising(), style));
  // The last line ends with a line break.
  ASSERT_EQ(lines.size(), 13u);
  EXPECT_EQ(lines[0], "A title\\n");
  EXPECT_EQ(lines[1], "Bytes: one, two");
  EXPECT_THAT(lines[2], StartsWith("100 ┤"));
  EXPECT_THAT(lines[3], StartsWith("    │"));
  EXPECT_THAT(lines[9], StartsWith("  0 ┤"));
  EXPECT_THAT(lines[10], StartsWith("    └┴"));
  EXPECT_THAT(lines[11], StartsWith("     0 "));
  EXPECT_THAT(lines[11], HasSubstr("10 s"));
  // The line rises from the bottom left to the top right.
  EXPECT_THAT(lines[9], StartsWith("  0 ┤⣀"));
  EXPECT_THAT(lines[2], HasSubstr("⠉"));
}

TEST(TerminalPlotTest, ColorsAreUsedOnlyIfAskedFor) {
  TerminalStyle style;
  EXPECT_THAT(TerminalPlot(Rising(), style), Not(HasSubstr("\033")));
  style.colors = true;
  EXPECT_THAT(TerminalPlot(Rising(), style),
              HasSubstr("\033[36mone\033[0m, \033[31mtwo\033[0m"));
}

TEST(TerminalPlotTest, SmallSizesAreEnlarged) {
  TerminalStyle style;
  style.columns = 1;
  style.rows = 1;
  EXPECT_EQ(Lines(TerminalPlot(Rising(), style)).size(), 9u);
  EXPECT_EQ(Lines(TerminalPlot(Plot(), style)).size(), 9u);
}

}  // namespace
}  // namespace dissectd::cli
