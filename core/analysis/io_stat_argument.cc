// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/io_stat_argument.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "core/analysis/report.h"
#include "core/analysis/report_filter.h"
#include "core/base/status_macros.h"
#include "core/epan/display_filter.h"

namespace dissectd::engine {
namespace {

using schema::IoCalculation;

constexpr absl::string_view kName = "io,stat,";
constexpr int kMaxDecimals = 6;
// tshark exits with this if a calculation is wrong.
constexpr int kCalculationExitStatus = 10;

struct Calculation {
  IoCalculation calculation;
  absl::string_view name;
};

constexpr Calculation kCalculations[] = {
    {IoCalculation::kFrames, "FRAMES"}, {IoCalculation::kBytes, "BYTES"},
    {IoCalculation::kCount, "COUNT"},   {IoCalculation::kSum, "SUM"},
    {IoCalculation::kMin, "MIN"},       {IoCalculation::kMax, "MAX"},
    {IoCalculation::kAvg, "AVG"},       {IoCalculation::kLoad, "LOAD"},
};

absl::Status InvalidArgument() {
  return ReportArgumentError(
      "invalid \"-z io,stat,<interval>[,<filter>][,<filter>]...\" argument");
}

absl::Status CalculationError(absl::string_view message) {
  return ReportArgumentError(message, kCalculationExitStatus);
}

// Returns an interval in microseconds. Like tshark's, it is the whole capture
// if it is negative or not a number.
absl::StatusOr<uint64_t> IntervalOf(double seconds) {
  if (seconds == 0) return kWholeCapture;
  constexpr double kTooLong = 18446744073709551616.0;
  const double microseconds = seconds * 1e6 + 0.5;
  if (std::isnan(microseconds) || microseconds <= -1) return kWholeCapture;
  if (microseconds >= 1 && microseconds < kTooLong) {
    return static_cast<uint64_t>(microseconds);
  }
  return CalculationError(
      "\"-z\" interval must be >=0.000001 seconds or \"0\" for the entire "
      "capture duration.");
}

// Returns how many decimals an interval needs; as many as the user has typed if
// it needs none.
int DecimalsOf(uint64_t interval_us, absl::string_view typed) {
  int decimals = kMaxDecimals;
  for (uint64_t unit = 10; decimals > 0 && interval_us % unit == 0;
       unit *= 10) {
    --decimals;
  }
  const size_t point = typed.find('.');
  if (decimals > 0 || point == absl::string_view::npos) return decimals;
  return std::min(kMaxDecimals, static_cast<int>(typed.size() - point - 1));
}

bool IsNumber(ftenum type) {
  switch (type) {
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
    case FT_UINT64:
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
    case FT_INT64:
      return true;
    default:
      return false;
  }
}

// Checks that a calculation is possible with the type of the field.
absl::Status CheckType(const IoSeriesOptions& series) {
  const bool is_load = series.calculation == IoCalculation::kLoad;
  if (series.calculation == IoCalculation::kCount ||
      series.type == FT_RELATIVE_TIME) {
    return absl::OkStatus();
  }
  const std::string refusal = absl::StrCat(
      "so ", series.title, "(*) calculations are not supported on it.");
  if (series.type == FT_FLOAT || series.type == FT_DOUBLE) {
    if (!is_load) return absl::OkStatus();
    return CalculationError(
        absl::StrCat(series.field, " is a float field, ", refusal));
  }
  if (!IsNumber(series.type)) {
    return CalculationError(
        absl::StrCat(series.field, " doesn't have integral values, ", refusal));
  }
  if (!is_load) return absl::OkStatus();
  return CalculationError(
      "LOAD() is only supported for relative-time fields such as smb.time");
}

absl::Status SetField(absl::string_view name, IoSeriesOptions* series) {
  const bool is_about_frames = series->calculation == IoCalculation::kFrames ||
                               series->calculation == IoCalculation::kBytes;
  if (is_about_frames) {
    if (name.empty()) return absl::OkStatus();
    return CalculationError(absl::StrCat(
        series->title,
        " does not require or allow a field name within the parens."));
  }
  if (name.empty()) {
    return CalculationError(absl::StrCat("You didn't specify a field name for ",
                                         series->title, "(*)."));
  }
  series->field = std::string(name);
  const header_field_info* const field =
      proto_registrar_get_byname(series->field.c_str());
  if (field == nullptr) {
    return CalculationError(
        absl::StrCat("There is no field named '", series->field, "'."));
  }
  series->hf_index = field->id;
  series->type = field->type;
  return CheckType(*series);
}

absl::StatusOr<IoSeriesOptions> ParseSeries(absl::string_view text) {
  IoSeriesOptions series;
  series.text = std::string(text);
  const auto* const found = std::find_if(
      std::begin(kCalculations), std::end(kCalculations),
      [text](const Calculation& calculation) {
        return absl::StartsWith(text, absl::StrCat(calculation.name, "("));
      });
  if (found == std::end(kCalculations)) {
    series.filter = series.text;
    return series;
  }
  series.calculation = found->calculation;
  series.title = std::string(found->name);
  text.remove_prefix(found->name.size() + 1);
  const size_t end = text.find(')');
  if (end == absl::string_view::npos) {
    return CalculationError(
        "Closing parenthesis missing from calculated expression.");
  }
  RETURN_IF_ERROR(SetField(text.substr(0, end), &series));
  series.filter = std::string(text.substr(end + 1));
  return series;
}

absl::Status CheckFilter(const std::string& filter) {
  const absl::Status status = CompileDisplayFilter(filter).status();
  if (status.ok()) return status;
  return ReportFilterError(status,
                           absl::StrCat("Couldn't register io,stat tap: ",
                                        FilterProblem(status, filter)));
}

// Returns whether the report can write times as the options want it.
bool CanWriteTimes() {
  switch (timestamp_get_type()) {
    case TS_DELTA:
    case TS_DELTA_DIS:
    case TS_EPOCH:
      return false;
    default:
      return true;
  }
}

}  // namespace

absl::StatusOr<IoStatArgument> ParseIoStatArgument(
    const std::string& argument) {
  if (!absl::StartsWith(argument, kName)) return InvalidArgument();
  const char* const typed = argument.c_str() + kName.size();
  char* end = nullptr;
  const double seconds = std::strtod(typed, &end);
  const bool has_series = *end == ',';
  if (end == typed || (*end != '\0' && !has_series) || argument.back() == ',') {
    return InvalidArgument();
  }
  if (!CanWriteTimes()) {
    return ReportArgumentError(
        "invalid -t operand. io,stat only supports -t "
        "<r|a|ad|adoy|u|ud|udoy>");
  }
  IoStatArgument parsed;
  ASSIGN_OR_RETURN(parsed.interval_us, IntervalOf(seconds));
  if (parsed.interval_us != kWholeCapture) {
    parsed.decimals =
        DecimalsOf(parsed.interval_us,
                   absl::string_view(typed, static_cast<size_t>(end - typed)));
  }
  if (!has_series) {
    parsed.series.emplace_back();
    return parsed;
  }
  for (const absl::string_view text : absl::StrSplit(end + 1, ',')) {
    ASSIGN_OR_RETURN(IoSeriesOptions series,
                     ParseSeries(absl::StripAsciiWhitespace(text)));
    RETURN_IF_ERROR(CheckFilter(series.filter));
    parsed.series.push_back(std::move(series));
  }
  return parsed;
}

}  // namespace dissectd::engine
