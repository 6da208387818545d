// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_FLOW_REPORT_H_
#define CORE_ANALYSIS_FLOW_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `flow,TYPE`: sequence diagrams.
std::vector<ReportType> FlowReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_FLOW_REPORT_H_
