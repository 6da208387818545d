// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_REPORT_FILTER_H_
#define CORE_ANALYSIS_REPORT_FILTER_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {

// Returns what follows the name of a report and a comma, which is a filter for
// most reports; absent without the comma. Like tshark, ignores anything else
// that follows the name.
std::optional<std::string> FilterOfReport(absl::string_view name,
                                          absl::string_view argument);

// Returns what tshark says of a display filter that has an error.
std::string FilterProblem(const absl::Status& error, absl::string_view filter);

// Returns the error of the display filter of a report with tshark's message,
// after which tshark exits with status 1. Other errors are returned unchanged.
absl::Status ReportFilterError(const absl::Status& error,
                               absl::string_view message);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_REPORT_FILTER_H_
