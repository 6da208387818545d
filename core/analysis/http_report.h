// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_HTTP_REPORT_H_
#define CORE_ANALYSIS_HTTP_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `http,stat` and `rtsp,stat`: requests and responses by method and code.
std::vector<ReportType> HttpReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_HTTP_REPORT_H_
