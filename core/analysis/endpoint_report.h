// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_ENDPOINT_REPORT_H_
#define CORE_ANALYSIS_ENDPOINT_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `endpoints,TYPE[,filter]` for all protocols with endpoints.
std::vector<ReportType> EndpointReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_ENDPOINT_REPORT_H_
