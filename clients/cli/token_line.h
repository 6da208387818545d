// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_TOKEN_LINE_H_
#define CLIENTS_CLI_TOKEN_LINE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dissectd::cli {

// Returns a new token of 256 random bits. Errors: INTERNAL, if the system gives
// none.
absl::StatusOr<std::string> NewToken();

// Returns when something expires that lasts `text` from `now`, for example
// `90d`, or until `text`, a time as in RFC 3339. Errors: INVALID_ARGUMENT, also
// for a time that has passed.
absl::StatusOr<absl::Time> ParseExpiry(absl::string_view text, absl::Time now);

// Returns the line of a daemon's file of tokens, without a line break, that
// gives a token to a caller. `expiry` may be in the infinite future. Errors:
// INVALID_ARGUMENT if a name can't stand in such a line.
absl::StatusOr<std::string> TokenLine(absl::string_view token,
                                      absl::string_view name,
                                      const std::vector<std::string>& groups,
                                      absl::Time expiry);

// Adds a line to a file that is replaced at once, so that its readers never see
// a part of it. A new file belongs to the user alone; an existing one keeps its
// owner and mode. Errors: INVALID_ARGUMENT, with a message.
absl::Status AppendLine(const std::string& path, absl::string_view line);

// Writes a new file that only its owner can read. Errors: INVALID_ARGUMENT,
// with a message, also if the file exists.
absl::Status WritePrivateFile(const std::string& path,
                              absl::string_view content);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_TOKEN_LINE_H_
