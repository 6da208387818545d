// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SHA256_H_
#define CLIENTS_CLI_SHA256_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

// Returns the SHA-256 hash of the first `size` bytes of an open file, as 32
// bytes. Errors: those of errno.
absl::StatusOr<std::string> Sha256OfFile(int fd, uint64_t size);

// Returns the SHA-256 hash of a text, as 32 bytes.
std::string Sha256OfText(absl::string_view text);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SHA256_H_
