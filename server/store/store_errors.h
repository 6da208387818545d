// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_STORE_ERRORS_H_
#define SERVER_STORE_STORE_ERRORS_H_

#include <chrono>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

// Errors of uploads that only the store reports; server/base/errors.h has the
// others.
namespace dissectd::server::errors {

absl::Status TooManyUploads(size_t limit);
absl::Status TooManyUploadsOfCaller(size_t limit);
// The client sent nothing for too long.
absl::Status UploadSenderTooSlow(absl::string_view name,
                                 std::chrono::milliseconds limit);

}  // namespace dissectd::server::errors

#endif  // SERVER_STORE_STORE_ERRORS_H_
