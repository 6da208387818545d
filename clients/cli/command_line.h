// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMMAND_LINE_H_
#define CLIENTS_CLI_COMMAND_LINE_H_

#include <memory>

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"
#include "clients/cli/connection/connection_options.h"
#include "clients/cli/exit_codes.h"

namespace dissectd::cli {

// Returns the definition of all commands and options. Parsing sets `choice` and
// `action`, which are not owned and outlive the program.
std::unique_ptr<CLI::App> MakeProgram(ConnectionChoice* choice, Action* action);

// Parses the command line and runs the chosen command.
ExitCode RunCommandLine(int argc, char** argv);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMMAND_LINE_H_
