// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_REPORT_ROUTINES_H_
#define CORE_EPAN_REPORT_ROUTINES_H_

namespace dissectd::engine {

// Has libwireshark's reports, which a desktop shows as messages, go into the
// log. Without it a report is a call of no function. `program` is not owned and
// outlives the process's use of libwireshark.
void InitReportRoutines(const char* program);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_REPORT_ROUTINES_H_
