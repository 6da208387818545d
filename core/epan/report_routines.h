// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_REPORT_ROUTINES_H_
#define CORE_EPAN_REPORT_ROUTINES_H_

namespace dissectd::engine {

// Writes libwireshark's reports, which Wireshark shows in dialogs, to the log.
// Without this, a report calls a null pointer. `program` is not owned and must
// outlive the process's use of libwireshark.
void InitReportRoutines(const char* program);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_REPORT_ROUTINES_H_
