// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURES_COMMAND_H_
#define CLIENTS_CLI_CAPTURES_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// The commands on existing captures. Each takes the name of a capture, with or
// without `captures/`:
//   `captures`         lists, shows and deletes captures;
//   `watch CAPTURE`    prints the events of a capture until it ends;
//   `rates CAPTURE`    prints its packets, bytes and top protocols of each
//                      interval until it ends;
//   `stop CAPTURE`     ends it and prints its totals as tshark does.
void AddCapturesCommands(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURES_COMMAND_H_
