// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_BEARER_TOKEN_H_
#define SERVER_IDENTITY_BEARER_TOKEN_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// Returns the token in the value of the metadata `authorization`, which must be
// `Bearer TOKEN` (RFC 6750), as a part of that value. Errors: UNAUTHENTICATED.
absl::StatusOr<absl::string_view> BearerToken(absl::string_view authorization);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_BEARER_TOKEN_H_
