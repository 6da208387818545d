// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TSHARK_TSHARK_COMMAND_H_
#define CLIENTS_CLI_TSHARK_TSHARK_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

#include "clients/cli/exit_codes.h"

namespace dissectd::cli::tshark {

// Returns the arguments for tshark if the program is called by that name, or as
// `dissectctl tshark`.
std::optional<std::vector<std::string>> TsharkArguments(int argc, char** argv);

// Does what tshark does with these arguments. The daemon is the one that the
// environment names.
ExitCode RunTshark(const std::vector<std::string>& arguments);

}  // namespace dissectd::cli::tshark

#endif  // CLIENTS_CLI_TSHARK_TSHARK_COMMAND_H_
