// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TOKEN_COMMAND_H_
#define CLIENTS_CLI_TOKEN_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl token create`: makes a token for a caller of a daemon. Doesn't
// connect to one.
void AddTokenCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_TOKEN_COMMAND_H_
