// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_REPORT_LIST_H_
#define CORE_ANALYSIS_REPORT_LIST_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/analysis/report.h"

namespace dissectd::engine {

// Returns all kinds of reports, sorted by name. libwireshark must be
// initialised.
const std::vector<ReportType>& ReportTypes();

// Returns the kind of report that an argument of `tshark -z` asks for: like
// tshark, the one with the longest name that the argument begins with. Errors:
// INVALID_ARGUMENT (REPORT_UNKNOWN).
absl::StatusOr<const ReportType*> FindReportType(const std::string& argument);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_REPORT_LIST_H_
