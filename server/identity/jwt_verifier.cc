// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/jwt_verifier.h"

#include <algorithm>
#include <string>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "core/base/status_macros.h"
#include "server/base/identity_errors.h"
#include "server/base/operator_file.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

absl::StatusOr<std::vector<const JwtAlgorithm*>> FindAlgorithms(
    const std::vector<std::string>& names) {
  std::vector<const JwtAlgorithm*> algorithms;
  for (const std::string& name : names) {
    algorithms.push_back(FindJwtAlgorithm(name));
    if (algorithms.back() != nullptr) continue;
    return absl::InvalidArgumentError(absl::StrCat(
        "--jwt-algorithms: \"", name, "\" isn't one of ", JwtAlgorithmNames()));
  }
  return algorithms;
}

bool IsFor(const JwtKey& key, const JwtAlgorithm& algorithm) {
  return key.type == algorithm.key_type &&
         (!key.algorithm.has_value() || key.algorithm == algorithm.name);
}

bool HasKeyFor(const std::vector<JwtKey>& keys, const JwtAlgorithm* algorithm) {
  return std::any_of(keys.begin(), keys.end(), [algorithm](const JwtKey& key) {
    return IsFor(key, *algorithm);
  });
}

std::string NamesOf(const std::vector<const JwtAlgorithm*>& algorithms) {
  return absl::StrJoin(algorithms, ",",
                       [](std::string* out, const JwtAlgorithm* algorithm) {
                         out->append(algorithm->name);
                       });
}

// Returns what the keys are, for example `RSA, EC P-256`.
std::string DescribeKeys(const std::vector<JwtKey>& keys) {
  return absl::StrJoin(keys, ", ", [](std::string* out, const JwtKey& key) {
    absl::StrAppend(out, NameOf(key.type));
    if (key.algorithm.has_value()) {
      absl::StrAppend(out, " for ", *key.algorithm);
    }
  });
}

// Reads keys, of which at least one must be for one of the algorithms:
// otherwise, no token could be valid.
absl::StatusOr<std::vector<JwtKey>> ReadKeys(
    const OperatorFile& file,
    const std::vector<const JwtAlgorithm*>& algorithms) {
  ASSIGN_OR_RETURN(std::vector<JwtKey> keys, ParseJwtKeys(file.content));
  if (std::any_of(keys.begin(), keys.end(), [](const JwtKey& key) {
        return key.type == JwtKeyType::kSecret;
      })) {
    RETURN_IF_ERROR(CheckPrivate(file, "it has a secret"));
  }
  if (std::none_of(algorithms.begin(), algorithms.end(),
                   [&keys](const JwtAlgorithm* algorithm) {
                     return HasKeyFor(keys, algorithm);
                   })) {
    return absl::InvalidArgumentError(absl::StrCat(
        "none of its keys (", DescribeKeys(keys),
        ") is for an algorithm of --jwt-algorithms=", NamesOf(algorithms)));
  }
  return keys;
}

// Keys for the other algorithms may come later, or be gone already.
void WarnOfMissingKeys(const std::vector<JwtKey>& keys,
                       const std::vector<const JwtAlgorithm*>& algorithms,
                       const std::string& path) {
  for (const JwtAlgorithm* algorithm : algorithms) {
    if (HasKeyFor(keys, algorithm)) continue;
    metrics::Count(metrics::Event::kJwtKeyUnusable);
    spdlog::warn("\"{}\" has no key for the algorithm {}; its keys: {}", path,
                 algorithm->name, DescribeKeys(keys));
  }
}

bool Fits(const JwtKey& key, const Jwt& jwt, const JwtAlgorithm& algorithm) {
  return IsFor(key, algorithm) &&
         (!key.id.has_value() || !jwt.key_id.has_value() ||
          key.id == jwt.key_id);
}

// A token must leave no choice of its key: then nobody can make the daemon try
// many.
absl::StatusOr<const JwtKey*> FindKey(const std::vector<JwtKey>& keys,
                                      const Jwt& jwt,
                                      const JwtAlgorithm& algorithm) {
  const JwtKey* found = nullptr;
  for (const JwtKey& key : keys) {
    if (!Fits(key, jwt, algorithm)) continue;
    if (found != nullptr) {
      return errors::Unidentified(
          "key_ambiguous",
          "The call's token doesn't say which of the daemon's keys it is "
          "signed with.");
    }
    found = &key;
  }
  if (found != nullptr) return found;
  return errors::Unidentified(
      "key_unknown",
      "The daemon doesn't have the key that the call's token is signed with.");
}

}  // namespace

absl::StatusOr<std::unique_ptr<JwtVerifier>> JwtVerifier::Open(
    const IdentityConfig& config) {
  if (config.jwt_algorithms.empty() || config.jwt_audience.empty()) {
    return absl::InvalidArgumentError(
        "--jwt-keys needs --jwt-algorithms and --jwt-audience");
  }
  ASSIGN_OR_RETURN(std::vector<const JwtAlgorithm*> algorithms,
                   FindAlgorithms(config.jwt_algorithms));
  ASSIGN_OR_RETURN(std::unique_ptr<WatchedValue<Keys>> keys,
                   WatchedValue<Keys>::Open(
                       config.jwt_keys, [algorithms](const OperatorFile& file) {
                         return ReadKeys(file, algorithms);
                       }));
  WarnOfMissingKeys(*keys->Get(), algorithms, config.jwt_keys);
  // make_unique can't call the private constructor.
  return absl::WrapUnique(
      new JwtVerifier(std::move(keys), std::move(algorithms),
                      {config.jwt_audience, config.jwt_issuer}));
}

absl::StatusOr<Principal> JwtVerifier::Verify(absl::string_view token,
                                              absl::Time now) const {
  ASSIGN_OR_RETURN(const Jwt jwt, ParseJwt(token));
  RETURN_IF_ERROR(CheckSignature(jwt));
  return CallerInClaims(jwt.claims, expected_, now);
}

absl::Status JwtVerifier::CheckSignature(const Jwt& jwt) const {
  const auto algorithm = std::find_if(algorithms_.begin(), algorithms_.end(),
                                      [&jwt](const JwtAlgorithm* accepted) {
                                        return jwt.algorithm == accepted->name;
                                      });
  if (algorithm == algorithms_.end()) {
    return errors::Unidentified(
        "algorithm_not_allowed",
        "The call's token is signed by an algorithm that the daemon doesn't "
        "accept.");
  }
  const std::shared_ptr<const Keys> keys = keys_->Get();
  ASSIGN_OR_RETURN(const JwtKey* key, FindKey(*keys, jwt, **algorithm));
  if ((*algorithm)->verify(key->material, jwt.signed_part, jwt.signature)) {
    return absl::OkStatus();
  }
  return errors::Unidentified("signature_wrong",
                              "The signature of the call's token is wrong.");
}

}  // namespace dissectd::server
