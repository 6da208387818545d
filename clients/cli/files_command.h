// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FILES_COMMAND_H_
#define CLIENTS_CLI_FILES_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl files`: lists, shows, downloads, uploads and deletes capture
// files of the daemon's store.
void AddFilesCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FILES_COMMAND_H_
