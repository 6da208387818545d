// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TSHARK_PLAN_H_
#define CLIENTS_CLI_TSHARK_PLAN_H_

#include <string>
#include <vector>

namespace dissectd::cli::tshark {

// What to do for a command line of tshark.
struct Plan {
  // Command lines of dissectctl to run one after the other until one fails. If
  // there are none, nothing is left to do.
  std::vector<std::vector<std::string>> commands;
  // A text for standard output.
  std::string text;
  // Whether the command line is wrong, or not supported.
  bool wrong = false;
  // The message about it; may be empty.
  std::string error;
  // Whether the usage follows.
  bool usage = false;
};

// Translates the arguments after the program's name. Checks what dissectctl
// doesn't check itself, and refuses what it can't do.
Plan MakePlan(const std::vector<std::string>& arguments);

}  // namespace dissectd::cli::tshark

#endif  // CLIENTS_CLI_TSHARK_PLAN_H_
