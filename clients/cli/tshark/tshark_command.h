// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TSHARK_TSHARK_COMMAND_H_
#define CLIENTS_CLI_TSHARK_TSHARK_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

#include "clients/cli/exit_codes.h"

namespace dissectd::cli::tshark {

// A command line of tshark or dumpcap, without the program's name.
struct CommandLine {
  bool is_dumpcap = false;
  std::vector<std::string> arguments;
};

// Returns the command line if the program is called by the name tshark or
// dumpcap, or as `dissectctl tshark`.
std::optional<CommandLine> TsharkCommandLine(int argc, char** argv);

// Does what that program does. The daemon is the one that the environment
// names.
ExitCode RunTshark(const CommandLine& line);

}  // namespace dissectd::cli::tshark

#endif  // CLIENTS_CLI_TSHARK_TSHARK_COMMAND_H_
