// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_WSP_REPORT_H_
#define CORE_ANALYSIS_WSP_REPORT_H_

#include "core/analysis/report.h"

namespace dissectd::engine {

// `wsp,stat`: PDUs of the Wireless Session Protocol by type, and replies by
// status.
ReportType WspReportType();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_WSP_REPORT_H_
