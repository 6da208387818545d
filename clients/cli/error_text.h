// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ERROR_TEXT_H_
#define CLIENTS_CLI_ERROR_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "clients/cli/exit_codes.h"
#include "dissectd/v1/common.pb.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Sets the name of the program that errors begin with, by default `dissectctl`.
// Call it before any other thread runs. `name` is not owned and lives as long
// as the program.
void SetProgramName(const char* name);

// Prints `PROGRAM: MESSAGE` to stderr.
void PrintError(absl::string_view message);

// Returns the error of a failed call, from its status and its details.
v1::Failure FailureOf(const grpc::Status& status);

// Returns the message for the user about a failed call. If the error has a
// position in a filter, the filter follows with that position marked.
std::string ErrorText(const grpc::Status& status);

// Returns two lines: the text, and a mark below the given position in it.
std::string MarkedText(absl::string_view text, const v1::TextSpan& span);

// Returns the exit code for a failed call.
ExitCode ExitCodeOf(const grpc::Status& status);

// Prints the message about a call if it failed, and returns its exit code.
ExitCode ReportStatus(const grpc::Status& status);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ERROR_TEXT_H_
