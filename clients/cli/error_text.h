// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_ERROR_TEXT_H_
#define CLIENTS_CLI_ERROR_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "clients/cli/exit_codes.h"
#include "clients/cpp/failure.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Sets the name of the program that errors begin with, by default `dissectctl`.
// Call it before any other thread runs. `name` is not owned and lives as long
// as the program.
void SetProgramName(const char* name);

// Prints `PROGRAM: MESSAGE` to stderr.
void PrintError(absl::string_view message);

// Returns the message for the user about a failed call. If the error has a
// position in a filter, the filter follows with that position marked.
std::string ErrorText(const grpc::Status& status);

// Returns the exit code for a failed call.
ExitCode ExitCodeOf(const grpc::Status& status);

// Prints the message about a call if it failed, and returns its exit code.
ExitCode ReportStatus(const grpc::Status& status);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_ERROR_TEXT_H_
