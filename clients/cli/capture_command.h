// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_COMMAND_H_
#define CLIENTS_CLI_CAPTURE_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl capture`: captures on the daemon's machine, and prints the
// packets to standard output as they come, as tshark would, until the capture
// ends or the user interrupts it. Errors and totals go to standard error.
void AddCaptureCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_COMMAND_H_
