// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_SID_REPORT_H_
#define CORE_ANALYSIS_SID_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `smb,sids`: refused, as tshark does.
std::vector<ReportType> SidReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_SID_REPORT_H_
