// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_POLICY_COMMAND_H_
#define CLIENTS_CLI_POLICY_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl policy check`: tells what the daemon's policy permits a
// principal, for one method, or as a table for all of them.
void AddPolicyCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_POLICY_COMMAND_H_
