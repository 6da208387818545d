// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CONNECTION_CONFIG_COMMAND_H_
#define CLIENTS_CLI_CONNECTION_CONFIG_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// Adds `config`: contexts, which name daemons and how to connect to them. Its
// commands have the names of kubectl's, and make no call.
void AddConfigCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CONNECTION_CONFIG_COMMAND_H_
