// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_HELP_FORMATTER_H_
#define CLIENTS_CLI_HELP_FORMATTER_H_

#include <string>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// Formats help for terminals of 80 columns.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();

  // Returns the description of an option, broken into lines.
  std::string make_option_desc(const CLI::Option* option) const override;

  // Returns the description of a command. The library's lists how many commands
  // may follow.
  std::string make_description(const CLI::App* app) const override;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_HELP_FORMATTER_H_
