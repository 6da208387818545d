// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_CAMEL_REPORT_H_
#define CORE_ANALYSIS_CAMEL_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `camel,srt`: the response times of CAMEL's operations.
std::vector<ReportType> CamelReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_CAMEL_REPORT_H_
