// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_RESPONSE_TIME_REPORT_H_
#define CORE_ANALYSIS_RESPONSE_TIME_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `PROTOCOL,srt`: how long servers take to answer, by procedure, for all
// protocols whose dissectors register such tables.
std::vector<ReportType> ResponseTimeReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_RESPONSE_TIME_REPORT_H_
