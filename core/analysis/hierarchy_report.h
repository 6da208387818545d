// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_HIERARCHY_REPORT_H_
#define CORE_ANALYSIS_HIERARCHY_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `io,phs[,filter]`: the protocol hierarchy.
std::vector<ReportType> HierarchyReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_HIERARCHY_REPORT_H_
