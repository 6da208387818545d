// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_WRITE_COMMAND_H_
#define CLIENTS_CLI_WRITE_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl write`: writes the frames of a capture to a capture file of this
// machine, as `tshark -r FILE -w OUT` does.
void AddWriteCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_WRITE_COMMAND_H_
