// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_VOIP_CALLS_REPORT_H_
#define CORE_ANALYSIS_VOIP_CALLS_REPORT_H_

#include "core/analysis/report.h"

namespace dissectd::engine {

// `voip,calls`: the calls that are set up in a capture, as Wireshark's list of
// calls has them. tshark has no such report.
ReportType VoipCallsReportType();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_VOIP_CALLS_REPORT_H_
