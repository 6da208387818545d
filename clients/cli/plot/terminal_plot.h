// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_TERMINAL_PLOT_H_
#define CLIENTS_CLI_PLOT_TERMINAL_PLOT_H_

#include <string>

#include "clients/cli/plot/plot.h"

namespace dissectd::cli {

// The least size of a plot in characters.
constexpr int kMinPlotColumns = 30;
constexpr int kMinPlotRows = 8;

// How a plot is drawn with characters.
struct TerminalStyle {
  // The size in characters, with all texts; small ones are enlarged.
  int columns = 80;
  int rows = 24;
  bool colors = false;
};

// Draws a plot with characters of Braille. Returns its lines.
std::string TerminalPlot(const Plot& plot, const TerminalStyle& style);

// Returns the title of a plot and the names of its series, as lines.
std::string PlotHeading(const Plot& plot, bool colors);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_TERMINAL_PLOT_H_
