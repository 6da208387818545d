// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_RASTER_H_
#define CLIENTS_CLI_PLOT_RASTER_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "clients/cli/plot/axis.h"
#include "clients/cli/plot/plot.h"

namespace dissectd::cli {

struct Pixel {
  int x;
  int y;
};

// A rectangle of pixels, each of which is empty, or has the number of a colour.
//
// Thread-compatible.
class Raster {
 public:
  // The number of pixels without a colour.
  static constexpr uint8_t kEmpty = 0;

  Raster(int width, int height)
      : width_(width),
        height_(height),
        pixels_(static_cast<size_t>(width) * static_cast<size_t>(height)) {}

  int width() const { return width_; }
  int height() const { return height_; }

  // Returns the colour of a pixel; (0, 0) is at the top left. Pixels outside
  // are empty.
  uint8_t Get(int x, int y) const {
    return Contains(x, y) ? pixels_[Index(x, y)] : kEmpty;
  }

  // Colours a pixel. Those outside are ignored.
  void Set(int x, int y, uint8_t color) {
    if (Contains(x, y)) pixels_[Index(x, y)] = color;
  }

  // Colours the pixels between two ends, and the ends.
  void DrawLine(Pixel from, Pixel to, uint8_t color);

 private:
  bool Contains(int x, int y) const {
    return x >= 0 && x < width_ && y >= 0 && y < height_;
  }
  size_t Index(int x, int y) const {
    return static_cast<size_t>(y) * static_cast<size_t>(width_) +
           static_cast<size_t>(x);
  }

  const int width_;
  const int height_;
  std::vector<uint8_t> pixels_;
};

// A part of a raster.
struct RasterArea {
  int left;
  int top;
  int width;
  int height;
};

// Draws the series of a plot to an area. The colour of the first series is 1,
// that of the next one 2, and so on, for as many as kPlotColors has.
void DrawSeries(const Plot& plot, const PlotAxes& axes, const RasterArea& area,
                Raster* raster);

// Returns the colour that DrawSeries uses for a series.
uint8_t RasterColorOfSeries(size_t index);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_RASTER_H_
