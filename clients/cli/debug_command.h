// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_DEBUG_COMMAND_H_
#define CLIENTS_CLI_DEBUG_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// Adds `debug`: what operators need to find or to report a fault.
void AddDebugCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_DEBUG_COMMAND_H_
