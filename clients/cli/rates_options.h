// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_RATES_OPTIONS_H_
#define CLIENTS_CLI_RATES_OPTIONS_H_

#include <cstdint>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// Adds `--interval`, in seconds, and `--top` to a command that prints rates of
// captures. The values are not owned and outlive the command.
void AddRatesOptions(CLI::App* command, double* interval, uint32_t* top);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_RATES_OPTIONS_H_
