// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/raster.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace dissectd::cli {
namespace {

// Draws one series.
class SeriesPainter {
 public:
  // All are not owned and outlive this.
  SeriesPainter(const PlotAxes& axes, const RasterArea& area, Raster* raster)
      : axes_(axes), area_(area), raster_(raster) {}

  void Draw(const PlotSeries& series, uint8_t color) const;

 private:
  Pixel PixelOf(const PlotPoint& point) const;
  void DrawPair(PlotStyle style, Pixel from, Pixel to, uint8_t color) const;

  const PlotAxes& axes_;
  const RasterArea& area_;
  Raster* const raster_;
};

bool IsFinite(const PlotPoint& point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

Pixel SeriesPainter::PixelOf(const PlotPoint& point) const {
  const double x = axes_.x.Fraction(point.x) * (area_.width - 1);
  const double y = (1 - axes_.y.Fraction(point.y)) * (area_.height - 1);
  return {area_.left + static_cast<int>(std::lround(x)),
          area_.top + static_cast<int>(std::lround(y))};
}

void SeriesPainter::DrawPair(PlotStyle style, Pixel from, Pixel to,
                             uint8_t color) const {
  if (style == PlotStyle::kSteps) {
    const Pixel corner{to.x, from.y};
    raster_->DrawLine(from, corner, color);
    raster_->DrawLine(corner, to, color);
  } else {
    raster_->DrawLine(from, to, color);
  }
}

void SeriesPainter::Draw(const PlotSeries& series, uint8_t color) const {
  const bool joined =
      series.style == PlotStyle::kLine || series.style == PlotStyle::kSteps;
  for (size_t i = 0; i < series.points.size(); ++i) {
    if (!IsFinite(series.points[i])) continue;
    const Pixel pixel = PixelOf(series.points[i]);
    raster_->Set(pixel.x, pixel.y, color);
    const bool ends_pair =
        joined ? i > 0 : series.style == PlotStyle::kBars && i % 2 == 1;
    if (!ends_pair || !IsFinite(series.points[i - 1])) continue;
    DrawPair(series.style, PixelOf(series.points[i - 1]), pixel, color);
  }
}

}  // namespace

void Raster::DrawLine(Pixel from, Pixel to, uint8_t color) {
  const int steps = std::max(std::abs(to.x - from.x), std::abs(to.y - from.y));
  for (int i = 0; i <= steps; ++i) {
    const double part = steps == 0 ? 0 : static_cast<double>(i) / steps;
    Set(static_cast<int>(std::lround(from.x + part * (to.x - from.x))),
        static_cast<int>(std::lround(from.y + part * (to.y - from.y))), color);
  }
}

uint8_t RasterColorOfSeries(size_t index) {
  return static_cast<uint8_t>(index % kPlotColors.size() + 1);
}

void DrawSeries(const Plot& plot, const PlotAxes& axes, const RasterArea& area,
                Raster* raster) {
  const SeriesPainter painter(axes, area, raster);
  for (size_t i = 0; i < plot.series.size(); ++i) {
    painter.Draw(plot.series[i], RasterColorOfSeries(i));
  }
}

}  // namespace dissectd::cli
