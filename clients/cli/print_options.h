// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PRINT_OPTIONS_H_
#define CLIENTS_CLI_PRINT_OPTIONS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/attached_files.h"
#include "clients/cli/format/fields_formatter.h"
#include "clients/cli/format/hex_dump.h"
#include "clients/cli/format/protocol_filter.h"
#include "clients/cli/key_options.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// The options for dissecting and printing frames as given, named by tshark's
// letters.
struct RawPrintOptions {
  std::string output_type = "text";  // -T
  bool details = false;              // -V
  bool bytes = false;                // -x
  bool summary = false;              // -P
  bool quiet = false;                // -q
  bool very_quiet = false;           // -Q
  bool line_buffered = false;        // -l
  bool color = false;                // --color
  bool no_resolution = false;        // -n
  bool no_duplicate_keys = false;
  bool as_tshark = false;
  std::string separator;       // -S
  std::string display_filter;  // -Y
  std::string timestamp_type;  // -t
  std::string seconds_type;    // -u
  std::string only_protocols;  // -O
  std::string shallow_filter;  // -j
  std::string deep_filter;     // -J
  std::string profile;         // -C
  RawKeyOptions keys;
  std::vector<std::string> hosts_files;    // -H
  std::vector<std::string> extensions;     // -X
  std::vector<std::string> fields;         // -e
  std::vector<std::string> field_options;  // -E
  std::vector<std::string> preferences;    // -o
  std::vector<std::string> decode_as;      // -d
  std::vector<std::string> resolve;        // -N
  std::vector<std::string> hex_dump;       // --hexdump
  std::vector<std::string> enabled_protocols;
  std::vector<std::string> disabled_protocols;
  std::vector<std::string> enabled_heuristics;
  std::vector<std::string> disabled_heuristics;
};

// The output format.
enum class OutputType {
  kText,
  kTabs,
  kFields,
  kJson,
  kJsonRaw,
  kEk,
  kPdml,
  kPsml,
  // Totals only: frames are received and parsed but not formatted.
  kNone,
};

// The checked options, with tshark's defaults filled in.
struct PrintOptions {
  // The name of the capture in the output.
  std::string capture_name;
  // The node of a fleet in `-T ek`; empty for none.
  std::string node;
  // Whether XML names tshark as the program that wrote it.
  bool as_tshark = false;
  // Whether the capture is live, so that the number of frames is unknown.
  bool live = false;
  OutputType type = OutputType::kText;
  // Whether frames are printed at all.
  bool print = true;
  bool summary = true;
  bool details = false;
  bool bytes = false;
  bool line_buffered = false;
  // Whether to look for the colouring rules of frames.
  bool color = false;
  // Whether summary lines are printed in their colours.
  bool color_terminal = false;
  bool merge_duplicate_keys = false;
  bool show_hidden = false;
  std::string separator;
  HexDumpStyle dump;
  bool only_some_protocols = false;
  std::vector<std::string> only_protocols;
  ProtocolFilter protocol_filter;
  std::vector<std::string> fields;
  FieldsStyle fields_style;
  std::string display_filter;
  v1::DissectionOptions dissection;
  // The files that preferences name, once they are attached to `dissection`.
  AttachedFiles attached;

  MissingKeys missing_keys() const {
    return as_tshark ? MissingKeys::kIgnoreAsTshark : MissingKeys::kFail;
  }
};

// Adds the display filter to a command of the program. `raw` is not owned and
// outlives the command.
void AddDisplayFilterOption(CLI::App* command, RawPrintOptions* raw);

// Adds the options of what is printed of a frame, and how, to a command of the
// program. `raw` is not owned and outlives the command.
void AddFormatOptions(CLI::App* command, RawPrintOptions* raw);

// Checks these options after parsing. Frames are printed if an option asks for
// it, or if `print_by_default` is set and no option forbids it. Errors are
// those of CheckPrintOptions.
absl::Status CheckFormatOptions(const CLI::App& command,
                                const RawPrintOptions& raw,
                                bool print_by_default, PrintOptions* options);

// Adds the dissection options, except the time formats, to a command of the
// program. `raw` is not owned and outlives the command.
void AddProcessingOptions(CLI::App* command, RawPrintOptions* raw);

// Checks the dissection options after parsing. Errors are those of
// CheckPrintOptions.
absl::Status CheckProcessingOptions(const CLI::App& command,
                                    const RawPrintOptions& raw,
                                    PrintOptions* options);

// Adds the options for the formats of times. `raw` is not owned and outlives
// the command.
void AddTimeOptions(CLI::App* command, RawPrintOptions* raw);

// Checks these options after parsing. Errors are those of CheckPrintOptions.
absl::Status CheckTimeOptions(const CLI::App& command,
                              const RawPrintOptions& raw,
                              v1::DissectionOptions* dissection);

// Adds all options. `raw` is not owned and outlives the command.
void AddPrintOptions(CLI::App* command, RawPrintOptions* raw);

// Checks the options after parsing; `print_by_default` is that of
// CheckFormatOptions. Returns INVALID_ARGUMENT with tshark's message if an
// option is wrong.
absl::Status CheckPrintOptions(const CLI::App& command,
                               const RawPrintOptions& raw,
                               bool print_by_default, PrintOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PRINT_OPTIONS_H_
