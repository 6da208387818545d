// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_HEALTH_COMMAND_H_
#define CLIENTS_CLI_HEALTH_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl health`: asks grpc.health.v1.Health whether the daemon, or one of
// its services, is ready. Exits with 0 or 1, as containers expect it.
void AddHealthCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_HEALTH_COMMAND_H_
