// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_MEMORY_FILE_H_
#define SERVER_BASE_MEMORY_FILE_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// Returns a file in memory that contains the bytes, positioned at its start.
// Errors: RESOURCE_EXHAUSTED, INTERNAL.
absl::StatusOr<UniqueFd> MemoryFileWith(absl::string_view bytes);

// Returns a file in memory that contains `size` zeros. Errors:
// RESOURCE_EXHAUSTED, INTERNAL.
absl::StatusOr<UniqueFd> MemoryFileOfZeros(size_t size);

}  // namespace dissectd::server

#endif  // SERVER_BASE_MEMORY_FILE_H_
