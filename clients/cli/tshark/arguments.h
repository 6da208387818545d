// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TSHARK_ARGUMENTS_H_
#define CLIENTS_CLI_TSHARK_ARGUMENTS_H_

#include <string>
#include <vector>

#include "clients/cli/tshark/option_table.h"

namespace dissectd::cli::tshark {

// An option of a command line.
struct GivenOption {
  // A letter or an `Option`.
  int option = 0;
  // Empty if the option has none.
  std::string value;
};

// A parsed command line.
struct Arguments {
  // The options in the order in which they were given, up to the first wrong
  // one.
  std::vector<GivenOption> options;
  // The words after the options: a filter.
  std::vector<std::string> words;
  // tshark's message about the first wrong option; empty if there is none.
  std::string error;

  // Returns whether an option is given.
  bool Has(int option) const;
  // Returns the last value of an option; empty if it isn't given.
  std::string Last(int option) const;
};

// Parses the arguments after the program's name as tshark does: options end at
// the first word, and names may be abbreviated.
Arguments ParseArguments(const std::vector<std::string>& arguments);

}  // namespace dissectd::cli::tshark

#endif  // CLIENTS_CLI_TSHARK_ARGUMENTS_H_
