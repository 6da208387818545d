// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_JWT_CLAIMS_H_
#define SERVER_IDENTITY_JWT_CLAIMS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/principal.h"

namespace dissectd::server {

// What a token must say.
struct ExpectedClaims {
  std::string audience;
  // Empty: any.
  std::string issuer;
};

// Returns the caller that the claims of a token name, once its signature has
// been verified: the subject (`sub`), and those of its `groups` that are plain
// names. The token needs an expiry (`exp`); other clocks may differ by a minute
// from the daemon's. Errors: UNAUTHENTICATED.
absl::StatusOr<Principal> CallerInClaims(absl::string_view claims,
                                         const ExpectedClaims& expected,
                                         absl::Time now);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_JWT_CLAIMS_H_
