// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_WRITE_OPTIONS_H_
#define CLIENTS_CLI_WRITE_OPTIONS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/read_options.h"
#include "dissectd/v1/export.pb.h"

namespace dissectd::cli {

// The options of `dissectctl write` as given, named by tshark's letters.
struct RawWriteOptions {
  RawReadOptions read;
  std::string output;     // -w
  std::string file_type;  // -F
  std::string extra;      // -W
  bool gzip = false;
  bool marked = false;
  bool without_ignored = false;
  std::vector<std::string> comments;  // --capture-comment
};

// The checked options.
struct WriteCommandOptions {
  // Empty if the request is about a session.
  std::string file;
  bool local = false;
  // `-` for standard output.
  std::string output;
  // Whether the same capture is printed next, which reports what is wrong with
  // it.
  bool also_read = false;
  // The request without its source, and without the files that preferences
  // name.
  v1::ExportPacketsRequest request;
  MissingKeys missing_keys = MissingKeys::kFail;
  bool as_tshark = false;
};

// Adds the options to a command of the program. `raw` is not owned and outlives
// the command.
void AddWriteOptions(CLI::App* command, RawWriteOptions* raw);

// Checks the options after parsing. Returns INVALID_ARGUMENT with tshark's
// message if one is wrong.
absl::Status CheckWriteOptions(const CLI::App& command,
                               const RawWriteOptions& raw,
                               WriteCommandOptions* options);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_WRITE_OPTIONS_H_
