// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FOLLOW_COMMAND_H_
#define CLIENTS_CLI_FOLLOW_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl follow`: writes the bytes of a stream to standard output.
void AddFollowCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FOLLOW_COMMAND_H_
