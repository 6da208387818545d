// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_CONNECTION_TOKEN_H_
#define CLIENTS_CLI_CONNECTION_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"

namespace dissectd::cli {

// Returns the token to send: `token` or, if it is empty, the first line of
// `file` that is neither empty nor a comment; empty if neither is given.
// Errors: INVALID_ARGUMENT if the file can't be read, or has none, or if the
// token has characters that no token has. The message doesn't show the token.
absl::StatusOr<std::string> TokenOf(const std::string& token,
                                    const std::string& file);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_CONNECTION_TOKEN_H_
