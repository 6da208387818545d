// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CAPTURE_OPTIONS_H_
#define CLIENTS_CLI_CAPTURE_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/analysis_options.h"
#include "clients/cli/print_options.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::cli {

// The options of `dissectctl capture` as given, named by tshark's letters.
// Options of interfaces are in the order in which they were given; only CLI11
// knows which interface each belongs to.
struct RawCaptureOptions {
  std::vector<std::string> interfaces;       // -i
  std::vector<std::string> capture_filters;  // -f
  std::vector<std::string> snap_lengths;     // -s
  std::vector<std::string> buffer_sizes;     // -B
  std::vector<std::string> link_types;       // -y
  std::vector<std::string> timestamp_types;  // --time-stamp-type
  std::vector<std::string> extcap_arguments;
  std::vector<std::string> stop_conditions;  // -a
  std::vector<std::string> ring;             // -b
  std::vector<std::string> filter_words;
  std::string packet_count;   // -c
  std::string file_name;      // -w
  std::string output;         // --output
  std::string file_format;    // -F
  std::string comment;        // --capture-comment
  std::string reset_after;    // -M
  std::string read_filter;    // -R
  bool group_access = false;  // -g
  bool two_pass = false;      // -2
  bool detach = false;
  AnalysisOptions analysis;
  RawPrintOptions print;
};

// The checked options.
struct CaptureCommandOptions {
  // Interfaces as given: a name, a number in the daemon's list, or empty for
  // the first in that list.
  v1::CaptureOptions capture;
  // The interfaces that are standard input (`-`) or pipes of this machine.
  std::vector<std::string> local_pipes;
  // What is asked about the capture when it has ended.
  AnalysisOptions analysis;
  PrintOptions print;
  // Preferences for the arguments of extcap programs.
  std::vector<v1::PreferenceSetting> extcap_preferences;
  // The file of this machine to write packets to; `-` for standard output,
  // empty for none.
  std::string output;
  // The number of frames after which dissection state is discarded; 0 for
  // never.
  uint32_t reset_after = 0;
  // Whether to exit once the capture has started.
  bool detach = false;
  // Whether to keep the capture and its files when it has ended.
  bool keep = false;
  // Whether to hide the running packet count.
  bool quiet = false;
  // Whether to print only frames and errors.
  bool very_quiet = false;
};

// Adds the options to a command of the program. `raw` is not owned and outlives
// the command.
void AddCaptureOptions(CLI::App* command, RawCaptureOptions* raw);

// Checks the options after parsing. Returns INVALID_ARGUMENT with tshark's
// message if one is wrong.
absl::Status CheckCaptureOptions(const CLI::App& command,
                                 const RawCaptureOptions& raw,
                                 CaptureCommandOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CAPTURE_OPTIONS_H_
