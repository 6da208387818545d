// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_RUN_STATISTICS_H_
#define CORE_ANALYSIS_RUN_STATISTICS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Answers AnalysisService.RunStatistics. Changes the state of the process,
// which can't answer another query.
absl::Status RunStatistics(const QueryContext& context,
                           absl::string_view request, SendResponse send);

// Answers AnalysisService.ListReports.
absl::Status ListReports(const QueryContext& context, absl::string_view request,
                         SendResponse send);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_RUN_STATISTICS_H_
