// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/plot/terminal_plot.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clients/cli/plot/axis.h"
#include "clients/cli/plot/braille.h"
#include "clients/cli/plot/raster.h"
#include "clients/cli/terminal_text.h"

namespace dissectd::cli {
namespace {

// The lines above and below the drawing: two of the heading, and two of x.
constexpr int kLinesAround = 4;
// The distance of ticks in characters.
constexpr int kColumnsOfTick = 12;
constexpr int kRowsOfTick = 4;

std::vector<std::string> LabelsOf(const Axis& axis) {
  std::vector<std::string> labels;
  labels.reserve(static_cast<size_t>(axis.tick_count()));
  for (int i = 0; i < axis.tick_count(); ++i) labels.push_back(axis.Label(i));
  return labels;
}

// Returns the place of a tick on an axis of `length` characters.
int PlaceOf(const Axis& axis, int tick, int length) {
  return static_cast<int>(
      std::lround(axis.Fraction(axis.Tick(tick)) * (length - 1)));
}

std::string Padded(const std::string& text, size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

// Returns the labels of the rows, from top to bottom; most are empty.
std::vector<std::string> RowLabels(const Axis& axis, int rows) {
  std::vector<std::string> labels(static_cast<size_t>(rows));
  for (int i = 0; i < axis.tick_count(); ++i) {
    labels.at(static_cast<size_t>(rows - 1 - PlaceOf(axis, i, rows))) =
        axis.Label(i);
  }
  return labels;
}

// Returns the line with ticks below the drawing.
std::string TickLine(const Axis& axis, int columns) {
  std::vector<bool> ticks(static_cast<size_t>(columns));
  for (int i = 0; i < axis.tick_count(); ++i) {
    ticks.at(static_cast<size_t>(PlaceOf(axis, i, columns))) = true;
  }
  std::string line;
  for (const bool tick : ticks) line += tick ? "┴" : "─";
  return line;
}

// Returns the line with the labels of x, which begins `margin` characters
// before the drawing.
std::string LabelLine(const Axis& axis, int columns, size_t margin,
                      const std::string& title) {
  std::string line;
  for (int i = 0; i < axis.tick_count(); ++i) {
    const std::string label = axis.Label(i);
    const size_t place =
        margin + static_cast<size_t>(PlaceOf(axis, i, columns));
    const size_t begin = place - std::min(place, label.size() / 2);
    if (!line.empty() && begin <= line.size()) continue;
    line.append(begin - line.size(), ' ');
    line += label;
  }
  return absl::StrCat(line, " ", title);
}

}  // namespace

std::string PlotHeading(const Plot& plot, bool colors) {
  std::string heading = absl::StrCat(Printable(plot.title, LineBreaks::kEscape),
                                     "\n", plot.y_title);
  for (size_t i = 0; i < plot.series.size(); ++i) {
    absl::StrAppend(&heading, i == 0 ? ": " : ", ");
    const std::string name =
        Printable(plot.series[i].name, LineBreaks::kEscape);
    if (colors) {
      absl::StrAppend(&heading, "\033[", ColorOfSeries(i).terminal, "m", name,
                      "\033[0m");
    } else {
      absl::StrAppend(&heading, name);
    }
  }
  return absl::StrCat(heading, "\n");
}

std::string TerminalPlot(const Plot& plot, const TerminalStyle& style) {
  const int rows = std::max(style.rows, kMinPlotRows) - kLinesAround;
  const int all_columns = std::max(style.columns, kMinPlotColumns);
  const PlotAxes axes = AxesOf(plot, std::max(2, all_columns / kColumnsOfTick),
                               std::max(2, rows / kRowsOfTick));
  size_t margin = 0;
  for (const std::string& label : LabelsOf(axes.y)) {
    margin = std::max(margin, label.size());
  }
  const int columns = std::max(1, all_columns - static_cast<int>(margin) - 2);
  Raster raster(columns * kBrailleWidth, rows * kBrailleHeight);
  DrawSeries(plot, axes, {0, 0, raster.width(), raster.height()}, &raster);
  std::string text = PlotHeading(plot, style.colors);
  const std::vector<std::string> labels = RowLabels(axes.y, rows);
  for (int row = 0; row < rows; ++row) {
    const std::string& label = labels.at(static_cast<size_t>(row));
    absl::StrAppend(&text, Padded(label, margin), label.empty() ? " │" : " ┤",
                    BrailleLine(raster, row, style.colors), "\n");
  }
  absl::StrAppend(&text, std::string(margin, ' '), " └",
                  TickLine(axes.x, columns), "\n",
                  LabelLine(axes.x, columns, margin + 2, plot.x_title), "\n");
  return text;
}

}  // namespace dissectd::cli
