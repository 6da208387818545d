// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_PROCESS_PROCESS_ERRORS_H_
#define SERVER_PROCESS_PROCESS_ERRORS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {
namespace errors {

// Returns the error of a program that can't be started because of an error of
// the operating system: PROGRAM_NOT_STARTED if the machine has no process,
// descriptor or memory to spare, otherwise the status for `error`, which has no
// reason.
absl::Status ProgramNotStarted(absl::string_view program, int error);

}  // namespace errors

// Whether an error of running a program is PROGRAM_NOT_STARTED, or says that
// nobody waits for the program's output any more (CANCELLED). Such an error
// tells nothing about the program.
bool IsUnrelatedToProgram(const absl::Status& status);

}  // namespace dissectd::server

#endif  // SERVER_PROCESS_PROCESS_ERRORS_H_
