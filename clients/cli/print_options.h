// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_PRINT_OPTIONS_H_
#define CLIENTS_CLI_PRINT_OPTIONS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/format/fields_formatter.h"
#include "clients/cli/format/hex_dump.h"
#include "clients/cli/format/protocol_filter.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// How frames are dissected and printed, as given on the command line: tshark's
// options, by their letters.
struct RawPrintOptions {
  std::string output_type = "text";  // -T
  bool details = false;              // -V
  bool bytes = false;                // -x
  bool summary = false;              // -P
  bool quiet = false;                // -q
  bool very_quiet = false;           // -Q
  bool line_buffered = false;        // -l
  bool no_resolution = false;        // -n
  bool no_duplicate_keys = false;
  std::string separator;       // -S
  std::string display_filter;  // -Y
  std::string timestamp_type;  // -t
  std::string seconds_type;    // -u
  std::string only_protocols;  // -O
  std::string shallow_filter;  // -j
  std::string deep_filter;     // -J
  std::string hosts_file;      // -H
  std::string tls_key_log_file;
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

// Which format the output has.
enum class OutputType {
  kText,
  kTabs,
  kFields,
  kJson,
  kJsonRaw,
  kEk,
  kPdml,
  kPsml,
  // Nothing but totals: everything is received and parsed, not formatted.
  kNone,
};

// The same, checked and with tshark's defaults worked out.
struct PrintOptions {
  // What the capture is called where its name is printed.
  std::string capture_name;
  // Whether frames are printed as they come, and nobody knows how many there
  // will be.
  bool live = false;
  OutputType type = OutputType::kText;
  // Whether frames are printed at all.
  bool print = true;
  bool summary = true;
  bool details = false;
  bool bytes = false;
  bool line_buffered = false;
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
};

// Adds those options that say how to dissect, but for how times are shown, to a
// command of the program. `raw` is not owned; outlives the command.
void AddProcessingOptions(CLI::App* command, RawPrintOptions* raw);

// Checks them after parsing. Errors: as CheckPrintOptions.
absl::Status CheckProcessingOptions(const CLI::App& command,
                                    const RawPrintOptions& raw,
                                    PrintOptions* options);

// Adds all options. `raw` is not owned; outlives the command.
void AddPrintOptions(CLI::App* command, RawPrintOptions* raw);

// Checks the options after parsing. Frames are printed if `print_by_default`
// and nothing forbids it, or if an option asks for it. Errors are in tshark's
// words; INVALID_ARGUMENT.
absl::Status CheckPrintOptions(const CLI::App& command,
                               const RawPrintOptions& raw,
                               bool print_by_default, PrintOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_PRINT_OPTIONS_H_
