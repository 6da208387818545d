// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_ECHO_REPORT_H_
#define CORE_ANALYSIS_ECHO_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `icmp,srt` and `icmpv6,srt`: how many pings were answered, and how fast.
std::vector<ReportType> EchoReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_ECHO_REPORT_H_
