// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_HELP_FORMATTER_H_
#define CLIENTS_CLI_HELP_FORMATTER_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace dissectd::cli {

// The group of options that no help lists. The library's own, without a name,
// would leave out the names of options in errors.
inline constexpr char kHiddenGroup[] = "Hidden";

// Formats help for terminals of 80 columns.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter();

  // Returns the description of an option, broken into lines.
  std::string make_option_desc(const CLI::Option* option) const override;

  // Returns the options of a group; nothing for kHiddenGroup.
  std::string make_group(
      std::string group, bool is_positional,
      std::vector<const CLI::Option*> options) const override;

  // Returns the description of a command. The library's lists how many commands
  // may follow.
  std::string make_description(const CLI::App* app) const override;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_HELP_FORMATTER_H_
