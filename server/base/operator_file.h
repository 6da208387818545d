// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_OPERATOR_FILE_H_
#define SERVER_BASE_OPERATOR_FILE_H_

#include <sys/stat.h>

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dissectd::server {

// A small file of the operator.
struct OperatorFile {
  std::string content;
  // The permissions that it had when it was opened.
  mode_t mode = 0;
};

inline bool operator==(const OperatorFile& a, const OperatorFile& b) {
  return a.content == b.content && a.mode == b.mode;
}

// Reads a regular file. Doesn't wait for a writer if it is a pipe. Errors: a
// message for the operator that doesn't name the file.
absl::StatusOr<OperatorFile> ReadOperatorFile(const std::string& path);

// Checks that only the owner may write to a file. Errors: INVALID_ARGUMENT.
absl::Status CheckOnlyOwnerWrites(const OperatorFile& file);

// Reads a regular file that only its owner may write to. Errors: a message for
// the operator that doesn't name the file.
absl::StatusOr<OperatorFile> ReadTrustedFile(const std::string& path);

// Returns an error with the file's name before its message; OK as it is.
absl::Status InFile(const std::string& path, const absl::Status& status);

// Checks that no user but the owner and those of the group may read a file that
// has a secret. Errors: INVALID_ARGUMENT, whose message begins with `secret`.
absl::Status CheckPrivate(const OperatorFile& file, const char* secret);

}  // namespace dissectd::server

#endif  // SERVER_BASE_OPERATOR_FILE_H_
