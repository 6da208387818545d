// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMMAND_LINE_H_
#define CLIENTS_CLI_COMMAND_LINE_H_

#include "clients/cli/exit_codes.h"

namespace dissectd::cli {

// Parses the command line and runs the chosen command.
ExitCode RunCommandLine(int argc, char** argv);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMMAND_LINE_H_
