// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_OBJECTS_COMMAND_H_
#define CLIENTS_CLI_OBJECTS_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl objects`: lists and saves the objects that were transferred with
// a protocol.
void AddObjectsCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_OBJECTS_COMMAND_H_
