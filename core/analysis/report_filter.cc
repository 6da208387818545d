// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/report_filter.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/error.h"

namespace dissectd::engine {

absl::Status ReportFilterError(const absl::Status& error,
                               absl::string_view listener,
                               const std::string& filter) {
  if (error.code() != absl::StatusCode::kInvalidArgument) return error;
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("Couldn't register ", listener, ": Filter \"", filter,
                   "\" is invalid - ", error.message()),
      {"DISPLAY_FILTER_INVALID", {{"exit_status", "1"}}, SpanOf(error)});
}

std::string FilterOfArgument(absl::string_view argument,
                             absl::string_view name) {
  if (!absl::ConsumePrefix(&argument, name)) return "";
  return absl::ConsumePrefix(&argument, ",") ? std::string(argument) : "";
}

}  // namespace dissectd::engine
