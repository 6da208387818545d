// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FILTER_COMMAND_H_
#define CLIENTS_CLI_FILTER_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl filter EXPRESSION`: reports what is wrong with a display filter,
// as `tshark -Y EXPRESSION` does, and with --explain how it is understood.
void AddFilterCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FILTER_COMMAND_H_
