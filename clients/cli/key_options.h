// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_KEY_OPTIONS_H_
#define CLIENTS_CLI_KEY_OPTIONS_H_

#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/attached_files.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// The options for files with keys as given.
struct RawKeyOptions {
  std::string tls_key_log;
  std::string ssh_key_log;
  std::string wireguard_key_log;
  std::vector<std::string> keytabs;  // -K
  // Whether another command follows, which reports missing keys.
  bool also_read = false;
};

// Adds the options to a command of the program. `raw` is not owned and outlives
// the command.
void AddKeyOptions(CLI::App* command, RawKeyOptions* raw);

// Reads the files. Errors: INVALID_ARGUMENT if one can't be read, or isn't a
// keytab. As in tshark, a wrong keytab only leads to a message if it may be
// missing.
absl::Status ReadKeys(const RawKeyOptions& raw, MissingKeys missing,
                      v1::DissectionOptions* dissection);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_KEY_OPTIONS_H_
