// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_STORE_ERRORS_H_
#define SERVER_STORE_STORE_ERRORS_H_

#include <cstddef>

#include "absl/status/status.h"

// Errors of uploads that only the store reports; server/base/errors.h has the
// others.
namespace dissectd::server::errors {

absl::Status TooManyUploads(size_t limit);
absl::Status TooManyUploadsOfCaller(size_t limit);

}  // namespace dissectd::server::errors

#endif  // SERVER_STORE_STORE_ERRORS_H_
