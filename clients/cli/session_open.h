// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SESSION_OPEN_H_
#define CLIENTS_CLI_SESSION_OPEN_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// Adds `open` to `dissectctl session`.
void AddSessionOpenCommand(CLI::App* parent, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SESSION_OPEN_H_
