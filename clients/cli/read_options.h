// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_READ_OPTIONS_H_
#define CLIENTS_CLI_READ_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/analysis_options.h"
#include "clients/cli/print_options.h"
#include "clients/cli/time_option.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// The options of `dissectctl read` as given, named by tshark's letters.
struct RawReadOptions {
  std::string file;
  std::vector<std::string> filter_words;
  bool local = false;
  bool two_pass = false;    // -2
  std::string read_filter;  // -R
  std::string count;        // -c
  std::string limit;        // -a packets:N
  RawTimeRange times;
  std::string read_format;
  std::string session;
  AnalysisOptions analysis;
  RawPrintOptions print;
};

// The checked options.
struct ReadOptions {
  // The capture; empty if it is that of a session.
  std::string file;
  // The resource name of a session, or empty.
  std::string session;
  bool local = false;
  // The maximum number of frames to read; 0 for all.
  uint32_t count = 0;
  // The maximum number of frames that pass the filters; 0 for all.
  uint32_t limit = 0;
  // Only the times are set.
  v1::FrameRange times;
  // Empty to recognise the file.
  std::string read_format;
  AnalysisOptions analysis;
  PrintOptions print;
};

// Adds the options that select frames and say how to dissect them to a command
// of the program, and those that let a session take the place of the file.
// `raw` is not owned and outlives the command.
void AddSelectionOptions(CLI::App* command, RawReadOptions* raw);

// Adds these options, except a display filter, to a command that is about all
// frames of a capture. `raw` is not owned and outlives the command.
void AddWholeCaptureOptions(CLI::App* command, RawReadOptions* raw);

// Checks these options after parsing. Errors are those of CheckReadOptions.
absl::Status CheckSelectionOptions(const CLI::App& command,
                                   const RawReadOptions& raw,
                                   ReadOptions* options);

// Adds all options. `raw` is not owned and outlives the command.
void AddReadOptions(CLI::App* command, RawReadOptions* raw);

// Checks the options after parsing. Returns INVALID_ARGUMENT with tshark's
// message if one is wrong.
absl::Status CheckReadOptions(const CLI::App& command,
                              const RawReadOptions& raw, ReadOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_READ_OPTIONS_H_
