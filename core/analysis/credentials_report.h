// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_CREDENTIALS_REPORT_H_
#define CORE_ANALYSIS_CREDENTIALS_REPORT_H_

#include <vector>

#include "core/analysis/report.h"

namespace dissectd::engine {

// `credentials`: who logged in, and the frames with their passwords.
std::vector<ReportType> CredentialsReports();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_CREDENTIALS_REPORT_H_
