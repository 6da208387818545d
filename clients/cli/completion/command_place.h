// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_COMPLETION_COMMAND_PLACE_H_
#define CLIENTS_CLI_COMPLETION_COMMAND_PLACE_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// What the last word of an unfinished command line is.
struct CommandPlace {
  // The innermost command that was named before.
  const CLI::App* command = nullptr;
  // The option or operand that the word is a value of; null if the word can be
  // the name of a command.
  const CLI::Option* option = nullptr;
  // Whether the word begins with a dash and isn't a value, and so is the name
  // of an option.
  bool is_option_name = false;
  // The part of the word before the value, such as `--server=` and `-Y`.
  std::string before;
  // The rest of the word.
  std::string typed;
  // The flags and options about the connection that were given before, each as
  // `--NAME` or `--NAME=VALUE`.
  std::vector<std::string> given;
};

// Finds out what the last of the words is, which may be empty. The words are
// those after the program's name; there is at least one.
CommandPlace FindPlace(const CLI::App& program,
                       const std::vector<std::string>& words);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_COMPLETION_COMMAND_PLACE_H_
