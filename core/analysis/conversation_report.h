// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_CONVERSATION_REPORT_H_
#define CORE_ANALYSIS_CONVERSATION_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `conv,TYPE[,filter]` for all protocols with conversations.
std::vector<ReportType> ConversationReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_CONVERSATION_REPORT_H_
