// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FLUSH_OUTPUT_H_
#define CLIENTS_CLI_FLUSH_OUTPUT_H_

#include "clients/cli/exit_codes.h"

namespace dissectd::cli {

// Writes what stdio still holds for standard output. Returns the exit code of a
// program that would otherwise exit with `code`; prints an error if the output
// is not complete.
ExitCode FlushOutput(ExitCode code);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FLUSH_OUTPUT_H_
