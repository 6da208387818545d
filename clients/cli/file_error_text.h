// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FILE_ERROR_TEXT_H_
#define CLIENTS_CLI_FILE_ERROR_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Returns the message with the file name that the user gave in place of the one
// that the daemon knows, which is without folders, or empty.
std::string WithGivenName(absl::string_view message, const std::string& file);

// Returns the message for the user about a failed call on the file.
std::string FileErrorText(const grpc::Status& status, const std::string& file);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FILE_ERROR_TEXT_H_
