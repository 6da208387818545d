// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_PLOT_H_
#define CLIENTS_CLI_PLOT_PLOT_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace dissectd::cli {

struct PlotPoint {
  double x;
  double y;
};

enum class PlotStyle {
  // Points, joined by straight lines.
  kLine,
  // Points, joined by lines that keep a value up to the next point.
  kSteps,
  kDots,
  // Bars between each two points.
  kBars,
};

struct PlotSeries {
  std::string name;
  PlotStyle style;
  std::vector<PlotPoint> points;
};

// What is drawn, whatever it is drawn with.
struct Plot {
  std::string title;
  std::string x_title;
  std::string y_title;
  std::vector<PlotSeries> series;
};

// A colour of a series.
struct PlotColor {
  uint8_t red;
  uint8_t green;
  uint8_t blue;
  // The number in terminals' escape sequences.
  int terminal;
};

// The colours of series, which repeat if there are more of them.
inline constexpr std::array<PlotColor, 6> kPlotColors = {
    {{0x1f, 0x77, 0xb4, 36},
     {0xd6, 0x27, 0x28, 31},
     {0x2c, 0xa0, 0x2c, 32},
     {0x94, 0x67, 0xbd, 35},
     {0xff, 0x7f, 0x0e, 33},
     {0x17, 0x45, 0xc0, 34}}};

inline const PlotColor& ColorOfSeries(size_t index) {
  return kPlotColors.at(index % kPlotColors.size());
}

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_PLOT_H_
