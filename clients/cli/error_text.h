// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ERROR_TEXT_H_
#define CLIENTS_CLI_ERROR_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "clients/cli/exit_codes.h"
#include "dissectd/v1/common.pb.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Prints `dissectctl: MESSAGE` to stderr.
void PrintError(absl::string_view message);

// Returns the detail of a failed call; an empty one if it has none.
v1::ErrorDetail DetailOf(const grpc::Status& status);

// Returns what to tell the user of a failed call. Where the error is at a
// place in a filter, the filter follows with that place marked.
std::string ErrorText(const grpc::Status& status);

// Names a capture as the user did in a message of the daemon, which leaves out
// the folders.
std::string WithGivenName(absl::string_view message, const std::string& file);

// Returns the exit code for a failed call.
ExitCode ExitCodeOf(const grpc::Status& status);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ERROR_TEXT_H_
