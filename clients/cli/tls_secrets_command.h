// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TLS_SECRETS_COMMAND_H_
#define CLIENTS_CLI_TLS_SECRETS_COMMAND_H_

#include "CLI/CLI.hpp"
#include "clients/cli/command_action.h"

namespace dissectd::cli {

// `dissectctl tls-secrets`: prints the secrets of TLS sessions as a key log.
void AddTlsSecretsCommand(CLI::App* program, Action* action);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_TLS_SECRETS_COMMAND_H_
