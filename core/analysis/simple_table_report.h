// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_SIMPLE_TABLE_REPORT_H_
#define CORE_ANALYSIS_SIMPLE_TABLE_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `dhcp,stat`, `gsm_a,dtap_cc` and others: the tables that dissectors register
// and fill themselves.
std::vector<ReportType> SimpleTableReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_SIMPLE_TABLE_REPORT_H_
