// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_INTERFACE_OPTIONS_H_
#define CLIENTS_CLI_INTERFACE_OPTIONS_H_

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "clients/cli/capture_options.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::cli {

// Adds the options about the interfaces to capture from, and the capture filter
// as an operand, to a command of the program. `which` is the help of -i. `raw`
// is not owned and outlives the command.
void AddInterfaceOptions(CLI::App* command, const std::string& which,
                         RawCaptureOptions* raw);

// Sets the interfaces after parsing: as they are given, or one without a name.
// Errors: INVALID_ARGUMENT with tshark's message.
absl::Status CheckInterfaceOptions(const CLI::App& command,
                                   const RawCaptureOptions& raw,
                                   v1::CaptureOptions* capture);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_INTERFACE_OPTIONS_H_
