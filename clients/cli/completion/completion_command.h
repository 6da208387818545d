// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_COMPLETION_COMMAND_H_
#define CLIENTS_CLI_COMPLETION_COMPLETION_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// Adds `completion SHELL`, which prints the script with which a shell completes
// the words of dissectctl's command line. It makes no call.
void AddCompletionCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_COMPLETION_COMMAND_H_
