// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_SHELL_SCRIPTS_H_
#define CLIENTS_CLI_COMPLETION_SHELL_SCRIPTS_H_

#include <string>
#include <vector>

namespace dissectd::cli {

// Returns the names of the shells that there are scripts for.
std::vector<std::string> ShellNames();

// Returns the script for one of these shells, which asks dissectctl itself what
// to offer.
std::string ShellScript(const std::string& shell);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_SHELL_SCRIPTS_H_
