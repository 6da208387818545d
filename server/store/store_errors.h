// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_STORE_ERRORS_H_
#define SERVER_STORE_STORE_ERRORS_H_

#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Errors of uploads that only the store reports; server/base/errors.h has the
// others.
namespace dissectd::server::errors {

absl::Status TooManyUploads(size_t limit);
absl::Status TooManyUploadsOfCaller(size_t limit);
absl::Status TooManyStoredFiles(uint64_t limit);
absl::Status TooManyStoredFilesOfCaller(uint64_t limit);
// The file became shorter while it was read.
absl::Status FileCutShort(absl::string_view name);
absl::Status FileNotDeletable(absl::string_view name);
absl::Status FileNotShareable(absl::string_view name);
// `done` is what would be done with the file, for example `deleted`.
absl::Status FileOfCapture(absl::string_view name, absl::string_view done);

}  // namespace dissectd::server::errors

#endif  // SERVER_STORE_STORE_ERRORS_H_
