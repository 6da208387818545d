// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/report_drawing.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "clients/cli/plot/plot.h"
#include "clients/cli/plot/sixel.h"
#include "clients/cli/plot/svg.h"
#include "clients/cli/plot/terminal.h"
#include "clients/cli/plot/terminal_plot.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

// A terminal isn't filled if it is larger than that.
constexpr int kMaxRows = 30;

std::string ImageOf(const Plot& plot, const PlotOptions& options) {
  // The size of a character of a plot in pixels.
  constexpr int kCellWidth = 10;
  constexpr int kCellHeight = 20;
  constexpr int kColumns = 90;
  constexpr int kRows = 25;
  const int columns = options.columns == 0 ? kColumns : options.columns;
  const int rows = options.rows == 0 ? kRows : options.rows;
  return SvgImage(plot, columns * kCellWidth, rows * kCellHeight);
}

absl::Status WriteImage(const Plot& plot, const PlotOptions& options) {
  std::ofstream file(options.svg_file, std::ios::binary | std::ios::trunc);
  file << ImageOf(plot, options);
  file.close();
  if (file.good()) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("The file \"", options.svg_file,
                   "\" could not be written: ", std::strerror(errno)));
}

std::string DrawInTerminal(const Plot& plot, const PlotOptions& options) {
  const TerminalAbilities terminal = AbilitiesOfTerminal();
  TerminalStyle style;
  style.columns = options.columns == 0 ? terminal.columns : options.columns;
  // The last line of a terminal is the one after the plot.
  style.rows =
      options.rows == 0 ? std::min(terminal.rows - 1, kMaxRows) : options.rows;
  style.colors = terminal.colors;
  if (!terminal.sixel) return TerminalPlot(plot, style);
  constexpr int kLinesOfHeading = 2;
  return absl::StrCat(PlotHeading(plot, style.colors),
                      SixelPlot(plot, style.columns * terminal.cell_width,
                                std::max(1, style.rows - kLinesOfHeading) *
                                    terminal.cell_height),
                      "\n");
}

}  // namespace

absl::StatusOr<std::string> DrawReport(const v1::ReportResult& result,
                                       const std::string& report,
                                       const PlotOptions& options) {
  if (result.has_tcp_graph() && result.tcp_graph().segments_size() == 0) {
    return absl::NotFoundError(
        absl::StrCat("There is nothing to draw: the capture has no stream for "
                     "\"",
                     report, "\"."));
  }
  const Plot plot =
      result.has_tcp_graph()
          ? PlotOfTcpGraph(result.tcp_graph(), options.kind, options.side)
          : PlotOfIoTable(result.io(), report);
  if (options.svg_file.empty()) return DrawInTerminal(plot, options);
  if (options.svg_file == "-") return ImageOf(plot, options);
  RETURN_IF_ERROR(WriteImage(plot, options));
  return std::string();
}

}  // namespace dissectd::cli
