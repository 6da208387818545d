// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_RPC_PROGRAMS_REPORT_H_
#define CORE_ANALYSIS_RPC_PROGRAMS_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `rpc,programs`: the response times of ONC RPC by program and version.
std::vector<ReportType> RpcProgramsReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_RPC_PROGRAMS_REPORT_H_
