// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_READ_OPTIONS_H_
#define CLIENTS_CLI_READ_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/print_options.h"

namespace dissectd::cli {

// The options of `dissectctl read` as they were given: tshark's, by their
// letters.
struct RawReadOptions {
  std::string file;
  std::vector<std::string> filter_words;
  bool local = false;
  bool two_pass = false;    // -2
  std::string read_filter;  // -R
  std::string count;        // -c
  RawPrintOptions print;
};

// The same, checked.
struct ReadOptions {
  std::string file;
  bool local = false;
  // Frames to read at most; 0 for all.
  uint32_t count = 0;
  PrintOptions print;
};

// Adds those options that say which frames, and how to dissect them, to a
// command of the program. `raw` is not owned; outlives the command.
void AddSelectionOptions(CLI::App* command, RawReadOptions* raw);

// Checks them after parsing. Errors: as CheckReadOptions.
absl::Status CheckSelectionOptions(const CLI::App& command,
                                   const RawReadOptions& raw,
                                   ReadOptions* options);

// Adds all options. `raw` is not owned; outlives the command.
void AddReadOptions(CLI::App* command, RawReadOptions* raw);

// Checks the options after parsing. Errors are in tshark's words;
// INVALID_ARGUMENT.
absl::Status CheckReadOptions(const CLI::App& command,
                              const RawReadOptions& raw, ReadOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_READ_OPTIONS_H_
