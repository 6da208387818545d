// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_HELP_VALUES_H_
#define CLIENTS_CLI_COMPLETION_HELP_VALUES_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// Returns what the help calls the value of an option, for example `FILE`.
std::string ValueName(const CLI::Option& option);

// Returns the possible values that the help of an option lists: as `{a,b}`, as
// `a|b`, or as `One of a, b;`. Empty if it lists none.
std::vector<std::string> HelpValues(const CLI::Option& option);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_HELP_VALUES_H_
