// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_READ_COMMAND_H_
#define CLIENTS_CLI_READ_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl read`: requests the dissection of a capture and prints the result
// to standard output as tshark would. Errors go to standard error.
void AddReadCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_READ_COMMAND_H_
