// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_EXPORT_ERRORS_H_
#define SERVER_QUERY_EXPORT_ERRORS_H_

#include "absl/status/status.h"

// Errors of merging files.
namespace dissectd::server::errors {

absl::Status TooFewFiles(int limit);
absl::Status TooManyFiles(int limit);

}  // namespace dissectd::server::errors

#endif  // SERVER_QUERY_EXPORT_ERRORS_H_
