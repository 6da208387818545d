// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SMALL_FILE_H_
#define CLIENTS_CLI_SMALL_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// The size of the files that a request can have: the daemon takes requests of
// 16 MiB.
inline constexpr size_t kMaxSentBytes = 15 << 20;

// Returns the content of a small file of this machine, which may also be a
// pipe. `what` is what it should have, for messages. Errors: INVALID_ARGUMENT
// if it can't be read, or has more than `max_bytes`.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          absl::string_view what,
                                          size_t max_bytes = kMaxSentBytes);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SMALL_FILE_H_
