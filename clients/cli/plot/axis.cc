// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/axis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dissectd::cli {
namespace {

// Returns 1, 2 or 5 times a power of ten that is at least `step`.
double RoundStep(double step) {
  constexpr double kBase = 10;
  constexpr double kTolerance = 1e-9;
  const double power = std::pow(kBase, std::floor(std::log10(step)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (step <= factor * power * (1 + kTolerance)) return factor * power;
  }
  return kBase * power;
}

struct Range {
  double minimum = std::numeric_limits<double>::infinity();
  double maximum = -std::numeric_limits<double>::infinity();

  void Add(double value) {
    if (!std::isfinite(value)) return;
    minimum = std::min(minimum, value);
    maximum = std::max(maximum, value);
  }
  bool empty() const { return minimum > maximum; }
};

// Returns a number without needless zeros.
std::string ShortNumber(double value, int decimals) {
  std::string text = absl::StrFormat("%.*f", decimals, value);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace

Axis::Axis(double minimum, double maximum, int intervals) {
  if (maximum <= minimum) {
    maximum = minimum + std::max(1.0, std::abs(minimum));
  }
  step_ = RoundStep((maximum - minimum) / std::max(intervals, 1));
  // Ends that are ticks but for rounding stay the ends.
  constexpr double kTolerance = 1e-9;
  minimum_ = std::floor(minimum / step_ + kTolerance) * step_;
  intervals_ = std::max(
      1,
      static_cast<int>(std::ceil((maximum - minimum_) / step_ - kTolerance)));
  maximum_ = minimum_ + intervals_ * step_;
}

std::string Axis::Label(int index) const {
  struct Unit {
    double factor;
    const char* suffix;
  };
  constexpr Unit kUnits[] = {{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}};
  // Numbers up to that one are written in full.
  constexpr double kLarge = 10'000;
  const double largest = std::max(std::abs(minimum_), std::abs(maximum_));
  Unit unit{1, ""};
  for (const Unit& larger : kUnits) {
    if (largest < larger.factor || largest <= kLarge) continue;
    unit = larger;
    break;
  }
  const int decimals = std::max(
      0, static_cast<int>(-std::floor(std::log10(step_ / unit.factor))));
  const double value = Tick(index) / unit.factor;
  const std::string number = ShortNumber(value, decimals);
  return number == "0" ? number : absl::StrCat(number, unit.suffix);
}

PlotAxes AxesOf(const Plot& plot, int x_intervals, int y_intervals) {
  Range x;
  Range y;
  for (const PlotSeries& series : plot.series) {
    for (const PlotPoint& point : series.points) {
      x.Add(point.x);
      y.Add(point.y);
    }
  }
  if (x.empty()) x = {0, 1};
  if (y.empty()) y = {0, 1};
  // Values near each other are told apart only without the zero.
  constexpr double kNear = 20;
  const bool is_near =
      y.minimum != y.maximum && y.minimum >= kNear * (y.maximum - y.minimum);
  if (y.minimum > 0 && !is_near) y.minimum = 0;
  return {Axis(x.minimum, x.maximum, x_intervals),
          Axis(y.minimum, y.maximum, y_intervals)};
}

}  // namespace dissectd::cli
