// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/sixel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <set>
#include <string>
#include <vector>

namespace dissectd::cli {
namespace {

using ::testing::EndsWith;
using ::testing::StartsWith;

// What a terminal shows of an image.
class Terminal {
 public:
  Terminal(int width, int height) : raster_(width, height) {}

  // Draws the image. Adds failures for what isn't expected in one.
  void Show(const std::string& image) {
    const std::string head = "\033P0;1q";
    ASSERT_THAT(image, StartsWith(head));
    ASSERT_THAT(image, EndsWith("\033\\"));
    next_ = image.data() + head.size();
    end_ = image.data() + image.size() - 2;
    while (next_ != end_) ShowNext();
  }

  const Raster& raster() const { return raster_; }
  const std::vector<int>& size() const { return size_; }
  const std::vector<std::vector<int>>& colors() const { return colors_; }

 private:
  void ShowNext() {
    const char kind = *next_++;
    if (kind == '"') {
      size_ = Numbers();
    } else if (kind == '#') {
      const std::vector<int> numbers = Numbers();
      color_ = numbers.at(0);
      if (numbers.size() > 1) colors_.push_back(numbers);
    } else if (kind == '!') {
      const int count = Numbers().at(0);
      const char sixel = *next_++;
      for (int i = 0; i < count; ++i) Put(sixel);
    } else if (kind == '$' || kind == '-') {
      x_ = 0;
      if (kind == '-') top_ += 6;
    } else {
      Put(kind);
    }
  }

  void Put(char sixel) {
    ASSERT_GE(sixel, '?');
    ASSERT_LE(sixel, '~');
    for (int i = 0; i < 6; ++i) {
      if ((sixel - '?') >> i & 1) {
        raster_.Set(x_, top_ + i, static_cast<uint8_t>(color_));
      }
    }
    ++x_;
  }

  std::vector<int> Numbers() {
    std::vector<int> numbers = {0};
    for (; next_ != end_ && (std::isdigit(*next_) || *next_ == ';'); ++next_) {
      if (*next_ == ';') {
        numbers.push_back(0);
      } else {
        numbers.back() = numbers.back() * 10 + (*next_ - '0');
      }
    }
    return numbers;
  }

  Raster raster_;
  std::vector<int> size_;
  std::vector<std::vector<int>> colors_;
  const char* next_ = nullptr;
  const char* end_ = nullptr;
  int color_ = 0;
  int x_ = 0;
  int top_ = 0;
};

void ExpectShown(const Raster& raster, const std::vector<PlotColor>& palette) {
  Terminal terminal(raster.width(), raster.height());
  terminal.Show(SixelImage(raster, palette));
  for (int y = 0; y < raster.height(); ++y) {
    for (int x = 0; x < raster.width(); ++x) {
      ASSERT_EQ(terminal.raster().Get(x, y), raster.Get(x, y)) << x << " " << y;
    }
  }
}

TEST(SixelTest, ATerminalShowsThePixels) {
  Raster raster(40, 20);
  raster.DrawLine({0, 0}, {39, 19}, 1);
  raster.DrawLine({0, 19}, {39, 0}, 2);
  raster.DrawLine({3, 7}, {30, 7}, 1);
  raster.Set(39, 19, 2);
  ExpectShown(raster, {kPlotColors[0], kPlotColors[1]});
  ExpectShown(Raster(3, 13), {kPlotColors[0]});
}

TEST(SixelTest, ColorsAreDefinedInPercent) {
  Raster raster(10, 6);
  Terminal terminal(10, 6);
  terminal.Show(SixelImage(raster, {{255, 0, 128, 31}, {0, 255, 51, 32}}));
  EXPECT_EQ(terminal.size(), (std::vector<int>{1, 1, 10, 6}));
  EXPECT_EQ(terminal.colors(), (std::vector<std::vector<int>>{
                                   {1, 2, 100, 0, 50}, {2, 2, 0, 100, 20}}));
}

TEST(SixelTest, EqualPixelsAreCounted) {
  Raster raster(100, 6);
  raster.DrawLine({0, 0}, {99, 0}, 1);
  EXPECT_THAT(SixelImage(raster, {kPlotColors[0]}), EndsWith("#1!100@\033\\"));
}

TEST(SixelTest, APlotHasItsSeriesAndAxes) {
  Plot plot;
  plot.series = {{"a", PlotStyle::kLine, {{0, 0}, {10, 10}}},
                 {"b", PlotStyle::kLine, {{0, 10}, {10, 0}}}};
  Terminal terminal(400, 200);
  terminal.Show(SixelPlot(plot, 400, 200));
  EXPECT_EQ(terminal.size(), (std::vector<int>{1, 1, 400, 200}));
  std::set<int> colors;
  for (int y = 0; y < 200; ++y) {
    for (int x = 0; x < 400; ++x) colors.insert(terminal.raster().Get(x, y));
  }
  const int axis = static_cast<int>(kPlotColors.size()) + 1;
  EXPECT_EQ(colors, (std::set<int>{0, 1, 2, axis}));
  // The labels are left of the axis, and below it.
  EXPECT_EQ(terminal.raster().Get(0, 0), 0);
}

TEST(SixelTest, SmallPlotsAreDrawn) {
  Plot plot;
  plot.series = {{"a", PlotStyle::kDots, {{0, 0}}}};
  Terminal terminal(10, 10);
  terminal.Show(SixelPlot(plot, 10, 10));
}

}  // namespace
}  // namespace dissectd::cli
