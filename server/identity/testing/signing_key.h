// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_IDENTITY_TESTING_SIGNING_KEY_H_
#define SERVER_IDENTITY_TESTING_SIGNING_KEY_H_

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace dissectd::server {

// A key pair that signs JSON Web Tokens as an identity provider does, by
// OpenSSL.
class SigningKey {
 public:
  static SigningKey NewRsa(unsigned bits = 2048);
  // `curve` is `P-256`, for example.
  static SigningKey NewEc(const std::string& curve);

  std::string PublicPem() const;
  std::string PrivatePem() const;
  // Returns the public key as a JSON Web Key. `members` are more of them, for
  // example `"kid":"1"`; they may be empty.
  std::string PublicJwk(const std::string& members) const;

  // Signs two JSON texts with SHA-256.
  std::string Sign(const std::string& header, const std::string& claims) const;

 private:
  struct FreeKey {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  using KeyPtr = std::unique_ptr<EVP_PKEY, FreeKey>;

  SigningKey(KeyPtr key, std::string curve)
      : key_(std::move(key)), curve_(std::move(curve)) {}

  const KeyPtr key_;
  // Empty for RSA.
  const std::string curve_;
};

// Signs two JSON texts with a secret, as HS256 does.
std::string SignWithSecret(const std::string& secret, const std::string& header,
                           const std::string& claims);

// Returns the token without signature, `HEADER.CLAIMS`.
std::string UnsignedToken(const std::string& header, const std::string& claims);

}  // namespace dissectd::server

#endif  // SERVER_IDENTITY_TESTING_SIGNING_KEY_H_
