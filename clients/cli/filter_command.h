// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FILTER_COMMAND_H_
#define CLIENTS_CLI_FILTER_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl filter EXPRESSION`: says, as `tshark -Y EXPRESSION` does, what is
// wrong with a display filter, or nothing; and, with --explain, what it means.
void AddFilterCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FILTER_COMMAND_H_
