// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_REPORT_FILTER_H_
#define CORE_ANALYSIS_REPORT_FILTER_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {

// Returns the error of registering `listener` with a report's filter in the
// words of tshark, which calls the listener `srt tap`, for example. Other
// errors than that of a filter are returned unchanged.
absl::Status ReportFilterError(const absl::Status& error,
                               absl::string_view listener,
                               const std::string& filter);

// Returns the filter of a report whose argument is NAME[,filter]. Like tshark,
// takes anything else than a comma after the name for no filter.
std::string FilterOfArgument(absl::string_view argument,
                             absl::string_view name);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_REPORT_FILTER_H_
