// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_INTERFACES_COMMAND_H_
#define CLIENTS_CLI_INTERFACES_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl interfaces`: prints the interfaces as `tshark -D` does, or their
// capabilities as `tshark -L` and `tshark --list-time-stamp-types` do, or their
// counters every second until it is interrupted. The
// table of counters has `-` for unknown ones.
void AddInterfacesCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_INTERFACES_COMMAND_H_
