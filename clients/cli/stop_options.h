// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_STOP_OPTIONS_H_
#define CLIENTS_CLI_STOP_OPTIONS_H_

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/capture_options.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::cli {

// Adds the options that say when a capture ends, and when it begins a new file,
// to a command of the program. `raw` is not owned and outlives the command.
void AddStopOptions(CLI::App* command, RawCaptureOptions* raw);

// Sets these conditions after parsing. Errors: INVALID_ARGUMENT with tshark's
// message.
absl::Status CheckStopOptions(const CLI::App& command,
                              const RawCaptureOptions& raw,
                              v1::CaptureOptions* capture);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_STOP_OPTIONS_H_
