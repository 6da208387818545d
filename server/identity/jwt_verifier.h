// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_JWT_VERIFIER_H_
#define SERVER_IDENTITY_JWT_VERIFIER_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/principal.h"
#include "server/base/watched_file.h"
#include "server/config.h"
#include "server/identity/jwt.h"
#include "server/identity/jwt_algorithm.h"
#include "server/identity/jwt_claims.h"
#include "server/identity/jwt_keys.h"

namespace dissectd::server {

// Finds out whom signed JSON Web Tokens name. Thread-safe.
class JwtVerifier {
 public:
  // `config` names a file of keys. Errors: a message for the operator, also if
  // no key is for any of the algorithms, or others may read a secret.
  static absl::StatusOr<std::unique_ptr<JwtVerifier>> Open(
      const IdentityConfig& config);

  // Errors: UNAUTHENTICATED.
  absl::StatusOr<Principal> Verify(absl::string_view token,
                                   absl::Time now) const;

 private:
  using Keys = std::vector<JwtKey>;

  JwtVerifier(std::unique_ptr<WatchedValue<Keys>> keys,
              std::vector<const JwtAlgorithm*> algorithms,
              ExpectedClaims expected)
      : keys_(std::move(keys)),
        algorithms_(std::move(algorithms)),
        expected_(std::move(expected)) {}

  absl::Status CheckSignature(const Jwt& jwt) const;

  const std::unique_ptr<WatchedValue<Keys>> keys_;
  // Those that are accepted.
  const std::vector<const JwtAlgorithm*> algorithms_;
  const ExpectedClaims expected_;
};

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_JWT_VERIFIER_H_
