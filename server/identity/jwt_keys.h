// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_JWT_KEYS_H_
#define SERVER_IDENTITY_JWT_KEYS_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dissectd::server {

// The kinds of keys; each algorithm works with one of them.
enum class JwtKeyType {
  kRsa,
  kEcP256,
  kEcP384,
  // A secret that signer and verifier share.
  kSecret,
};

// Returns a name for the operator, for example `EC P-256`.
const char* NameOf(JwtKeyType type);

// A key that verifies signatures of JSON Web Tokens.
struct JwtKey {
  JwtKeyType type = JwtKeyType::kRsa;
  // The key that a token names is one with this id, or one without an id.
  std::optional<std::string> id;
  // The only algorithm that the key is for, if its owner has said so.
  std::optional<std::string> algorithm;
  // A public key in PEM, or the bytes of a secret.
  std::string material;
};

// Parses a public key in PEM, or a JSON Web Key Set (RFC 7517), of which keys
// for other purposes and of unknown types are ignored. Errors:
// INVALID_ARGUMENT, if a key is malformed or too weak, or there is none.
absl::StatusOr<std::vector<JwtKey>> ParseJwtKeys(absl::string_view content);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_JWT_KEYS_H_
