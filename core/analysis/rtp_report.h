// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_RTP_REPORT_H_
#define CORE_ANALYSIS_RTP_REPORT_H_

#include "core/analysis/report.h"

namespace dissectd::engine {

// `rtp,streams`: streams of RTP with their losses, deltas and jitter.
ReportType RtpStreamsReportType();

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_RTP_REPORT_H_
