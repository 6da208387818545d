// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_EXPERT_REPORT_H_
#define CORE_ANALYSIS_EXPERT_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `expert[,error|,warn|,note|,chat|,comment][,filter]`.
std::vector<ReportType> ExpertReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_EXPERT_REPORT_H_
