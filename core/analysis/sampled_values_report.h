// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_SAMPLED_VALUES_REPORT_H_
#define CORE_ANALYSIS_SAMPLED_VALUES_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `sv`: the measurements of IEC 61850's sampled values, line by line.
std::vector<ReportType> SampledValuesReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_SAMPLED_VALUES_REPORT_H_
