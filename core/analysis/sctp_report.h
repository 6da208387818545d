// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_SCTP_REPORT_H_
#define CORE_ANALYSIS_SCTP_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `sctp,stat`: the chunks of SCTP by direction of an association.
std::vector<ReportType> SctpReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_SCTP_REPORT_H_
