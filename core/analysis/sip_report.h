// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_SIP_REPORT_H_
#define CORE_ANALYSIS_SIP_REPORT_H_

#include "core/analysis/report.h"

namespace dissectd::engine {

// `sip,stat`: requests and responses of SIP, and the times until calls are set
// up.
ReportType SipReportType();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_SIP_REPORT_H_
