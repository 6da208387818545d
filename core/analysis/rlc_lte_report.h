// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_RLC_LTE_REPORT_H_
#define CORE_ANALYSIS_RLC_LTE_REPORT_H_

#include "core/analysis/report.h"

namespace dissectd::engine {

// `rlc-lte,stat`: what LTE RLC carries, by UE and channel.
ReportType RlcLteReportType();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_RLC_LTE_REPORT_H_
