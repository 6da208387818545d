// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_OPTIONS_OPTION_FILE_H_
#define SERVER_OPTIONS_OPTION_FILE_H_

#include <CLI/CLI.hpp>
#include <cstddef>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// Reads the file of --config for a parser of options. Checks it first, as the
// library ignores some mistakes, and reports others without their line.
class OptionFile final : public CLI::ConfigBase {
 public:
  // `app` has all options, and outlives the calls of from_config.
  explicit OptionFile(const CLI::App* app) : app_(app) {}

  // Throws CLI::ConfigError, whose message begins with the line.
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;

  // Returns the line that an option, for example `--store`, has its value from;
  // 0 if that isn't from the file.
  size_t LineOf(const std::string& option) const;

 private:
  // Returns what is wrong with a line; empty if nothing is.
  std::string Check(absl::string_view line, size_t number) const;
  const CLI::Option* Find(const std::string& name) const;

  const CLI::App* const app_;
  // The lines of options by their names: all, and those whose values count,
  // as the command line doesn't have the option.
  mutable std::map<std::string, size_t> lines_;
  mutable std::map<std::string, size_t> lines_in_use_;
  // The option of the line before.
  mutable const CLI::Option* last_ = nullptr;
};

// Returns the error in the path of such a file; empty if it can be read.
std::string CheckReadable(const std::string& path);

}  // namespace dissectd::server

#endif  // SERVER_OPTIONS_OPTION_FILE_H_
