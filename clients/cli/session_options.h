// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SESSION_OPTIONS_H_
#define CLIENTS_CLI_SESSION_OPTIONS_H_

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Returns the error of an option that has no meaning for a session.
absl::Status NotForSessions(absl::string_view option);

// Checks that a command about a session got none of the options that say how to
// dissect, as the session has its own.
absl::Status CheckSessionOptions(const CLI::App& command);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SESSION_OPTIONS_H_
