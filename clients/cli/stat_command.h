// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_STAT_COMMAND_H_
#define CLIENTS_CLI_STAT_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl stat`: prints reports about a capture, as `tshark -q -z` does.
void AddStatCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_STAT_COMMAND_H_
