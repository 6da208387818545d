// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_CAPTURE_SOURCE_H_
#define SERVER_STORE_CAPTURE_SOURCE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// A capture file for a worker to read.
struct CaptureSource {
  UniqueFd file;
  // The file's name without folders; may be empty.
  std::string name;
};

// Makes a file from the bytes in a request. Errors: INVALID_ARGUMENT
// (INLINE_CAPTURE_TOO_LARGE), those of MemoryFileWith.
absl::StatusOr<CaptureSource> HoldInlineCapture(absl::string_view bytes);

}  // namespace dissectd::server

#endif  // SERVER_STORE_CAPTURE_SOURCE_H_
