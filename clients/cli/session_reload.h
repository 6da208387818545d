// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SESSION_RELOAD_H_
#define CLIENTS_CLI_SESSION_RELOAD_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// Adds `reload` to `dissectctl session`.
void AddSessionReloadCommand(CLI::App* parent, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SESSION_RELOAD_H_
