// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_JWT_ALGORITHM_H_
#define SERVER_IDENTITY_JWT_ALGORITHM_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/identity/jwt_keys.h"

namespace dissectd::server {

// An algorithm that signs JSON Web Tokens (RFC 7518).
struct JwtAlgorithm {
  const char* name;
  // The only type of keys that it works with. Otherwise, a public key could be
  // taken for a secret, and anyone could sign.
  JwtKeyType key_type;
  // Returns whether `signature`, in valid base64url, is that of `data` by a key
  // of the right type.
  bool (*verify)(const std::string& key, absl::string_view data,
                 absl::string_view signature);
};

// Returns null if the algorithm is unknown. Names are case-sensitive.
const JwtAlgorithm* FindJwtAlgorithm(absl::string_view name);

// Returns the names of all algorithms, with commas between.
std::string JwtAlgorithmNames();

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_JWT_ALGORITHM_H_
