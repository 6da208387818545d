// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_PUBLIC_KEY_H_
#define SERVER_IDENTITY_PUBLIC_KEY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/identity/jwt_keys.h"

namespace dissectd::server {

// These return a key with its type and its PEM. Errors: INVALID_ARGUMENT, with
// a message without the key.
absl::StatusOr<JwtKey> PublicKeyFromPem(absl::string_view pem);
// `modulus` and `exponent` are unsigned numbers, the most significant byte
// first.
absl::StatusOr<JwtKey> RsaPublicKey(const std::string& modulus,
                                    const std::string& exponent);
// `curve` is known; `x` and `y` have the size of its numbers.
absl::StatusOr<JwtKey> EcPublicKey(const std::string& curve,
                                   const std::string& x, const std::string& y);

// Returns whether keys can be on a curve, by its name in JSON Web Keys.
bool IsKnownCurve(absl::string_view name);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_PUBLIC_KEY_H_
