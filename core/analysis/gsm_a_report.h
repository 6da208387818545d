// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_GSM_A_REPORT_H_
#define CORE_ANALYSIS_GSM_A_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `gsm_a`: the messages of GSM's A interface by protocol and type.
std::vector<ReportType> GsmAReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_GSM_A_REPORT_H_
