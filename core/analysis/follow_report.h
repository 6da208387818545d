// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_FOLLOW_REPORT_H_
#define CORE_ANALYSIS_FOLLOW_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `follow,PROTOCOL`: the bytes of a stream as text. Their typed form is
// FollowStream.
std::vector<ReportType> FollowReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_FOLLOW_REPORT_H_
