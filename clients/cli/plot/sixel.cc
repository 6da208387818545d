// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/sixel.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "clients/cli/plot/axis.h"
#include "clients/cli/plot/small_font.h"

namespace dissectd::cli {
namespace {

// The rows of pixels that a line of the image has.
constexpr int kBandHeight = 6;
// The character for no pixels. The others follow it.
constexpr char kNoPixels = '?';
constexpr int kMinRepetitions = 4;

// Returns the pixels of a colour in a column of a band.
char SixelOf(const Raster& raster, int x, int top, uint8_t color) {
  int bits = 0;
  for (int i = 0; i < kBandHeight; ++i) {
    if (raster.Get(x, top + i) == color) bits |= 1 << i;
  }
  return static_cast<char>(kNoPixels + bits);
}

void AppendRepeated(char sixel, int count, std::string* out) {
  if (count < kMinRepetitions) {
    out->append(static_cast<size_t>(count), sixel);
  } else {
    absl::StrAppend(out, "!", count, std::string(1, sixel));
  }
}

// Returns the pixels of a colour in a band; empty if it has none.
std::string ColorOfBand(const Raster& raster, int top, uint8_t color) {
  std::string text;
  char last = kNoPixels;
  int count = 0;
  for (int x = 0; x < raster.width(); ++x) {
    const char sixel = SixelOf(raster, x, top, color);
    if (sixel != last) {
      AppendRepeated(last, count, &text);
      last = sixel;
      count = 0;
    }
    ++count;
  }
  // What is left without pixels needs no characters.
  if (last != kNoPixels) AppendRepeated(last, count, &text);
  return text;
}

int Percent(uint8_t part) {
  constexpr int kWhole = 100;
  constexpr int kLargest = 255;
  return part * kWhole / kLargest;
}

// The number of the colour of axes and labels, after those of series.
constexpr auto kAxisColor = static_cast<uint8_t>(kPlotColors.size() + 1);

std::vector<PlotColor> PaletteOfPlots() {
  std::vector<PlotColor> palette(kPlotColors.begin(), kPlotColors.end());
  // Grey can be seen on black and on white.
  palette.push_back({0x80, 0x80, 0x80, 0});
  return palette;
}

constexpr int kTickLength = 4;
constexpr int kPixelsOfXTick = 90;
constexpr int kPixelsOfYTick = 45;

// Draws axes and labels around an area.
class AxisPainter {
 public:
  AxisPainter(const PlotAxes& axes, const RasterArea& area, Raster* raster)
      : axes_(axes), area_(area), raster_(raster) {}

  void Draw() const {
    const int left = area_.left - 1;
    const int bottom = area_.top + area_.height;
    raster_->DrawLine({left, area_.top}, {left, bottom}, kAxisColor);
    raster_->DrawLine({left, bottom}, {left + area_.width, bottom}, kAxisColor);
    for (int i = 0; i < axes_.x.tick_count(); ++i) DrawXTick(i, bottom);
    for (int i = 0; i < axes_.y.tick_count(); ++i) DrawYTick(i, left);
  }

 private:
  void DrawXTick(int tick, int bottom) const {
    const int x =
        area_.left + static_cast<int>(axes_.x.Fraction(axes_.x.Tick(tick)) *
                                      (area_.width - 1));
    raster_->DrawLine({x, bottom}, {x, bottom + kTickLength}, kAxisColor);
    const std::string label = axes_.x.Label(tick);
    const int begin = x - SmallTextWidth(label) / 2;
    DrawSmallText(
        label,
        {std::clamp(begin, 0,
                    std::max(0, raster_->width() - SmallTextWidth(label))),
         bottom + kTickLength + 2},
        kAxisColor, raster_);
  }

  void DrawYTick(int tick, int left) const {
    const int y = area_.top +
                  static_cast<int>((1 - axes_.y.Fraction(axes_.y.Tick(tick))) *
                                   (area_.height - 1));
    raster_->DrawLine({left - kTickLength, y}, {left, y}, kAxisColor);
    const std::string label = axes_.y.Label(tick);
    DrawSmallText(label,
                  {left - kTickLength - 2 - SmallTextWidth(label),
                   std::max(0, y - kSmallTextHeight / 2)},
                  kAxisColor, raster_);
  }

  const PlotAxes& axes_;
  const RasterArea& area_;
  Raster* const raster_;
};

}  // namespace

std::string SixelImage(const Raster& raster,
                       const std::vector<PlotColor>& palette) {
  // The second parameter leaves pixels without a colour as they are.
  std::string text =
      absl::StrCat("\033P0;1q\"1;1;", raster.width(), ";", raster.height());
  for (size_t i = 0; i < palette.size(); ++i) {
    absl::StrAppend(&text, "#", i + 1, ";2;", Percent(palette[i].red), ";",
                    Percent(palette[i].green), ";", Percent(palette[i].blue));
  }
  for (int top = 0; top < raster.height(); top += kBandHeight) {
    if (top > 0) text += '-';
    bool first = true;
    for (size_t i = 0; i < palette.size(); ++i) {
      const std::string pixels =
          ColorOfBand(raster, top, static_cast<uint8_t>(i + 1));
      if (pixels.empty()) continue;
      absl::StrAppend(&text, first ? "#" : "$#", i + 1, pixels);
      first = false;
    }
  }
  return text + "\033\\";
}

std::string SixelPlot(const Plot& plot, int width, int height) {
  constexpr int kSpaceAtTop = 4;
  constexpr int kSpaceAtRight = 8;
  const PlotAxes axes = AxesOf(plot, std::max(2, width / kPixelsOfXTick),
                               std::max(2, height / kPixelsOfYTick));
  int label_width = 0;
  for (int i = 0; i < axes.y.tick_count(); ++i) {
    label_width = std::max(label_width, SmallTextWidth(axes.y.Label(i)));
  }
  const int left = label_width + kTickLength + 4;
  const int below = kTickLength + kSmallTextHeight + 4;
  const RasterArea area{left, kSpaceAtTop,
                        std::max(1, width - left - kSpaceAtRight),
                        std::max(1, height - kSpaceAtTop - below)};
  Raster raster(width, height);
  AxisPainter(axes, area, &raster).Draw();
  DrawSeries(plot, axes, area, &raster);
  return SixelImage(raster, PaletteOfPlots());
}

}  // namespace dissectd::cli
