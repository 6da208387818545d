// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_RESPONSE_DELAY_REPORT_H_
#define CORE_ANALYSIS_RESPONSE_DELAY_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `PROTOCOL,rtd`: the delays of responses and how many were repeated, by type
// of message, for all protocols whose dissectors register such tables.
std::vector<ReportType> ResponseDelayReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_RESPONSE_DELAY_REPORT_H_
