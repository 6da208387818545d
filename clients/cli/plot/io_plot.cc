// SPDX-License-Identifier: Apache-2.0

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "clients/cli/plot/report_plot.h"

namespace dissectd::cli {
namespace {

constexpr double kMicrosPerSecond = 1e6;
constexpr double kNanosPerSecond = 1e9;

double ValueOf(const v1::Cell& cell) {
  switch (cell.value_case()) {
    case v1::Cell::kUnsignedValue:
      return static_cast<double>(cell.unsigned_value());
    case v1::Cell::kSignedValue:
      return static_cast<double>(cell.signed_value());
    case v1::Cell::kDoubleValue:
      return cell.double_value();
    case v1::Cell::kTimeValue:
      return static_cast<double>(cell.time_value().seconds()) +
             cell.time_value().nanos() / kNanosPerSecond;
    case v1::Cell::kStringValue:
    case v1::Cell::VALUE_NOT_SET:
      return 0;
  }
  return 0;
}

// Returns the name of a calculation as `io,stat` has it.
std::string CalculationName(v1::IoCalculation calculation) {
  switch (calculation) {
    case v1::IO_CALCULATION_FRAMES_AND_BYTES:
    case v1::IO_CALCULATION_FRAMES:
      return "frames";
    case v1::IO_CALCULATION_BYTES:
      return "bytes";
    case v1::IO_CALCULATION_COUNT:
      return "COUNT";
    case v1::IO_CALCULATION_SUM:
      return "SUM";
    case v1::IO_CALCULATION_MIN:
      return "MIN";
    case v1::IO_CALCULATION_MAX:
      return "MAX";
    case v1::IO_CALCULATION_AVG:
      return "AVG";
    case v1::IO_CALCULATION_LOAD:
      return "LOAD";
    default:
      return "";
  }
}

std::string NameOf(const v1::IoColumn& column) {
  std::string name = CalculationName(column.calculation());
  if (!column.field().empty()) absl::StrAppend(&name, "(", column.field(), ")");
  if (!column.filter().empty()) absl::StrAppend(&name, " ", column.filter());
  return name;
}

// Returns how many values a column has in each row.
int ValuesOf(const v1::IoColumn& column) {
  return column.calculation() == v1::IO_CALCULATION_FRAMES_AND_BYTES ? 2 : 1;
}

}  // namespace

Plot PlotOfIoTable(const v1::IoTable& table, const std::string& report) {
  Plot plot;
  plot.title = report;
  plot.x_title = "s";
  const double seconds =
      static_cast<double>(table.interval_us()) / kMicrosPerSecond;
  plot.y_title = table.interval_us() == 0 ? std::string("In all of the capture")
                                          : absl::StrCat("In ", seconds, " s");
  int value = 0;
  for (const v1::IoColumn& column : table.columns()) {
    PlotSeries series{NameOf(column), PlotStyle::kLine, {}};
    for (const v1::IoRow& row : table.rows()) {
      if (value >= row.values_size()) continue;
      series.points.push_back(
          {static_cast<double>(row.start_us()) / kMicrosPerSecond,
           ValueOf(row.values(value))});
    }
    plot.series.push_back(std::move(series));
    value += ValuesOf(column);
  }
  return plot;
}

}  // namespace dissectd::cli
