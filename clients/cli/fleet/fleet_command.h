// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FLEET_FLEET_COMMAND_H_
#define CLIENTS_CLI_FLEET_FLEET_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// The name of the command, whose server is a fleet.
inline constexpr char kFleetCommand[] = "fleet";

// Adds `fleet`, whose commands do on the nodes of a fleet what those of the
// same names do on one daemon:
//   `fleet nodes`               lists the nodes;
//   `fleet interfaces`          lists their interfaces;
//   `fleet capture`             captures on them, and prints merged frames;
//   `fleet captures`            lists their captures;
//   `fleet dissect CAPTURE...`  prints merged frames of captures;
//   `fleet rates CAPTURE...`    prints the statistics of captures;
//   `fleet stop CAPTURE...`     stops captures.
void AddFleetCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FLEET_FLEET_COMMAND_H_
