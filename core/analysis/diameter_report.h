// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_DIAMETER_REPORT_H_
#define CORE_ANALYSIS_DIAMETER_REPORT_H_

#include "core/analysis/report.h"

namespace dissectd::engine {

// `diameter,avp`: a line for each message of Diameter with values of its AVPs.
ReportType DiameterReportType();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_DIAMETER_REPORT_H_
