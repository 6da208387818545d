// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_COMMAND_H_
#define TESTS_E2E_COMMAND_H_

#include <string>

namespace dissectd {

// What a command has printed, and how it has ended.
struct CommandOutput {
  // Its standard output.
  std::string text;
  // The exit status as a shell tells it: 128 and the number of a signal for a
  // command that was ended by one.
  int exit_status;
};

// Runs a command of the shell.
CommandOutput RunCommand(const std::string& command);

// Returns the standard output of a command of the shell that must succeed.
std::string OutputOf(const std::string& command);

}  // namespace dissectd

#endif  // TESTS_E2E_COMMAND_H_
