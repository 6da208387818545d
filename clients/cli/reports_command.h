// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_REPORTS_COMMAND_H_
#define CLIENTS_CLI_REPORTS_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// Adds `dissectctl reports`.
void AddReportsCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_REPORTS_COMMAND_H_
