// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_OPTION_HELPERS_H_
#define CLIENTS_CLI_OPTION_HELPERS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// Adds an option that may be given many times, each time with one value.
// `values` is not owned and outlives the command.
CLI::Option* AddList(CLI::App* command, const std::string& names,
                     std::vector<std::string>* values, const std::string& help);

// Adds an option whose last value counts. `value` is not owned and outlives the
// command.
CLI::Option* AddValue(CLI::App* command, const std::string& names,
                      std::string* value, const std::string& help);

// Returns whether an option was given.
bool IsGiven(const CLI::App& command, const std::string& name);

// Returns the option that was given last of the two; empty if neither was
// given.
std::string LastOf(const CLI::App& command, const std::string& a,
                   const std::string& b);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_OPTION_HELPERS_H_
