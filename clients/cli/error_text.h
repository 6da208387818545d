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

// Returns two more lines: the text, and a mark below a place in it.
std::string MarkedText(absl::string_view text, const v1::TextSpan& span);

// Returns the exit code for a failed call.
ExitCode ExitCodeOf(const grpc::Status& status);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ERROR_TEXT_H_
