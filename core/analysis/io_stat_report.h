// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_IO_STAT_REPORT_H_
#define CORE_ANALYSIS_IO_STAT_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `io,stat`: counts and calculations by interval.
std::vector<ReportType> IoStatReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_IO_STAT_REPORT_H_
