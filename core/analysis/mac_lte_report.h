// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_MAC_LTE_REPORT_H_
#define CORE_ANALYSIS_MAC_LTE_REPORT_H_

#include "core/analysis/report.h"

namespace dissectd::engine {

// `mac-lte,stat`: what LTE MAC carries, by UE.
ReportType MacLteReportType();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_MAC_LTE_REPORT_H_
