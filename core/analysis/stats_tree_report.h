// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_STATS_TREE_REPORT_H_
#define CORE_ANALYSIS_STATS_TREE_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `ABBR,tree`: the trees of counters that dissectors and plugins register.
std::vector<ReportType> StatsTreeReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_STATS_TREE_REPORT_H_
