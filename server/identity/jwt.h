// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_JWT_H_
#define SERVER_IDENTITY_JWT_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// A JSON Web Token (RFC 7519) in its compact form, of which nothing is verified
// yet.
struct Jwt {
  // Members of the header.
  std::string algorithm;
  std::optional<std::string> key_id;
  // The claims: any bytes.
  std::string claims;
  // Parts of the token: what is signed, and the signature in base64url.
  absl::string_view signed_part;
  absl::string_view signature;
};

// Splits a token into its parts, and reads its header. The result refers to
// `token`. Errors: UNAUTHENTICATED.
absl::StatusOr<Jwt> ParseJwt(absl::string_view token);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_JWT_H_
