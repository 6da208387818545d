// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PLOT_OPTIONS_H_
#define CLIENTS_CLI_PLOT_OPTIONS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/plot/report_plot.h"

namespace dissectd::cli {

// The options of plots as given.
struct RawPlotOptions {
  std::string kind;      // --plot
  std::string side;      // --plot-side
  std::string size;      // --plot-size
  std::string svg_file;  // --plot-svg
};

// How reports are drawn instead of printed.
struct PlotOptions {
  bool enabled = false;
  TcpPlotKind kind = TcpPlotKind::kStevens;
  // The side of a TCP stream whose bytes are drawn.
  TcpSide side = TcpSide::kSendsMore;
  // The size in characters; 0 for that of the terminal.
  int columns = 0;
  int rows = 0;
  // The file of this machine to write an image to; empty for the terminal.
  std::string svg_file;
};

// Adds the options to a command of the program. `raw` is not owned and outlives
// the command.
void AddPlotOptions(CLI::App* command, RawPlotOptions* raw);

// Checks the options after parsing, for the reports that are to be made.
// Returns INVALID_ARGUMENT if one is wrong.
absl::Status CheckPlotOptions(const CLI::App& command,
                              const RawPlotOptions& raw,
                              const std::vector<std::string>& reports,
                              PlotOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PLOT_OPTIONS_H_
