// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPINFOS_COMMAND_H_
#define CLIENTS_CLI_CAPINFOS_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl capinfos FILE...`: prints what capinfos does.
void AddCapinfosCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPINFOS_COMMAND_H_
