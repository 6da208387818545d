// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_INFO_COLUMN_REPORT_H_
#define CORE_ANALYSIS_INFO_COLUMN_REPORT_H_

#include "core/analysis/report.h"

namespace dissectd::engine {

// `proto,colinfo`: the values of a field that tshark adds to the column Info of
// the frames that it prints. Has no text: whoever prints frames adds them.
ReportType InfoColumnReportType();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_INFO_COLUMN_REPORT_H_
