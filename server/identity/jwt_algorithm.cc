// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/jwt_algorithm.h"

#include <openssl/crypto.h>
#include <openssl/err.h>

#include <exception>
#include <jwt/algorithm.hpp>
#include <optional>

#include "absl/strings/str_cat.h"
#include "server/identity/base64url.h"

namespace dissectd::server {
namespace {

jwt::string_view ViewOf(absl::string_view text) {
  return {text.data(), text.size()};
}

// Only the library's check of signatures is used: its reader of tokens accepts
// what it should refuse, and reads beyond its buffers.
template <typename Algorithm>
bool VerifyPublic(const std::string& key, absl::string_view data,
                  absl::string_view signature) {
  bool valid = false;
  try {
    const auto [is_valid, error] = jwt::PEMSign<Algorithm>::verify(
        ViewOf(key), ViewOf(data), ViewOf(signature));
    valid = is_valid && !error;
  } catch (const std::exception&) {
    // There is no memory for it.
  }
  // Otherwise, errors about wrong signatures would stay with this thread.
  ERR_clear_error();
  return valid;
}

// The library would compare the signatures in a time that depends on how much
// of them is right.
template <typename Algorithm>
bool VerifySecret(const std::string& key, absl::string_view data,
                  absl::string_view signature) {
  const auto [expected, error] =
      jwt::HMACSign<Algorithm>::sign(ViewOf(key), ViewOf(data));
  const std::optional<std::string> actual = DecodeBase64Url(signature);
  return !error && actual.has_value() && !expected.empty() &&
         actual->size() == expected.size() &&
         CRYPTO_memcmp(actual->data(), expected.data(), expected.size()) == 0;
}

constexpr JwtAlgorithm kAlgorithms[] = {
    {"RS256", JwtKeyType::kRsa, VerifyPublic<jwt::algo::RS256>},
    {"RS384", JwtKeyType::kRsa, VerifyPublic<jwt::algo::RS384>},
    {"RS512", JwtKeyType::kRsa, VerifyPublic<jwt::algo::RS512>},
    {"ES256", JwtKeyType::kEcP256, VerifyPublic<jwt::algo::ES256>},
    {"ES384", JwtKeyType::kEcP384, VerifyPublic<jwt::algo::ES384>},
    {"HS256", JwtKeyType::kSecret, VerifySecret<jwt::algo::HS256>},
};

}  // namespace

const JwtAlgorithm* FindJwtAlgorithm(absl::string_view name) {
  for (const JwtAlgorithm& algorithm : kAlgorithms) {
    if (name == algorithm.name) return &algorithm;
  }
  return nullptr;
}

std::string JwtAlgorithmNames() {
  std::string names;
  for (const JwtAlgorithm& algorithm : kAlgorithms) {
    absl::StrAppend(&names, names.empty() ? "" : ", ", algorithm.name);
  }
  return names;
}

}  // namespace dissectd::server
