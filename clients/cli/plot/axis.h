// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_AXIS_H_
#define CLIENTS_CLI_PLOT_AXIS_H_

#include <string>
#include <vector>

#include "clients/cli/plot/plot.h"

namespace dissectd::cli {

// A scale whose ticks are round numbers. Its ends are ticks.
class Axis {
 public:
  // Makes a scale that has the values from `minimum` to `maximum`, and about
  // `intervals` intervals between ticks.
  Axis(double minimum, double maximum, int intervals);

  double minimum() const { return minimum_; }
  double maximum() const { return maximum_; }

  int tick_count() const { return intervals_ + 1; }
  double Tick(int index) const { return minimum_ + index * step_; }

  // Returns a short text for a tick, for example `1.5M`.
  std::string Label(int index) const;

  // Returns the place of a value from 0 at the minimum to 1 at the maximum.
  double Fraction(double value) const {
    return (value - minimum_) / (maximum_ - minimum_);
  }

 private:
  double minimum_;
  double maximum_;
  double step_;
  int intervals_;
};

// The scales of a plot.
struct PlotAxes {
  Axis x;
  Axis y;
};

// Makes scales for all points of a plot. That of y begins at 0 unless there are
// only values far from it.
PlotAxes AxesOf(const Plot& plot, int x_intervals, int y_intervals);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_AXIS_H_
