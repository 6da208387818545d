// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_FILE_HASHES_H_
#define CORE_QUERY_CAPTURE_FILE_HASHES_H_

#include <string>

#include "absl/status/statusor.h"

namespace dissectd::engine {

// The hashes of a file, as bytes.
struct FileHashes {
  std::string sha256;
  std::string ripemd160;
  std::string sha1;
};

// Reads the whole file without changing its position. Errors: INTERNAL
// (FILE_SYSTEM_ERROR).
absl::StatusOr<FileHashes> HashFile(int fd);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_FILE_HASHES_H_
