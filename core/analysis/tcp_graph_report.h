// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_TCP_GRAPH_REPORT_H_
#define CORE_ANALYSIS_TCP_GRAPH_REPORT_H_

#include "core/analysis/report.h"

namespace dissectd::engine {

// `tcp,graph`: the segments of a stream, from which Wireshark draws its graphs
// of TCP. tshark has no such report.
ReportType TcpGraphReportType();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_TCP_GRAPH_REPORT_H_
