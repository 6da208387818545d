// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/report_filter.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/error.h"

namespace dissectd::engine {

std::optional<std::string> FilterOfReport(absl::string_view name,
                                          absl::string_view argument) {
  if (!absl::ConsumePrefix(&argument, name)) return std::nullopt;
  if (!absl::ConsumePrefix(&argument, ",")) return std::nullopt;
  return std::string(argument);
}

std::string FilterProblem(const absl::Status& error, absl::string_view filter) {
  return absl::StrCat("Filter \"", filter, "\" is invalid - ", error.message());
}

absl::Status ReportFilterError(const absl::Status& error,
                               absl::string_view message) {
  if (error.code() != absl::StatusCode::kInvalidArgument) return error;
  return MakeError(
      absl::StatusCode::kInvalidArgument, message,
      {"DISPLAY_FILTER_INVALID", {{"exit_status", "1"}}, SpanOf(error)});
}

}  // namespace dissectd::engine
