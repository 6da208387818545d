// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/jwt_keys.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/base/strict_json.h"
#include "server/identity/base64url.h"
#include "server/identity/public_key.h"

namespace dissectd::server {
namespace {

using nlohmann::json;

// The size of the hashes: a shorter secret would be the weakest part (RFC
// 7518).
constexpr size_t kMinSecretBytes = 32;

absl::Status Wrong(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

// Returns a member that has bytes.
absl::StatusOr<std::string> BytesMember(const json& key, const char* name) {
  const std::optional<std::string> text = StringMember(key, name);
  std::optional<std::string> bytes;
  if (text.has_value()) bytes = DecodeBase64Url(*text);
  if (bytes.has_value()) return *std::move(bytes);
  return Wrong(absl::StrCat("a key has no \"", name, "\" in base64url"));
}

absl::StatusOr<JwtKey> ParseRsa(const json& key) {
  ASSIGN_OR_RETURN(const std::string modulus, BytesMember(key, "n"));
  ASSIGN_OR_RETURN(const std::string exponent, BytesMember(key, "e"));
  return RsaPublicKey(modulus, exponent);
}

absl::StatusOr<JwtKey> ParseEc(const json& key) {
  ASSIGN_OR_RETURN(const std::string x, BytesMember(key, "x"));
  ASSIGN_OR_RETURN(const std::string y, BytesMember(key, "y"));
  return EcPublicKey(StringMember(key, "crv").value_or(""), x, y);
}

absl::StatusOr<JwtKey> ParseSecret(const json& key) {
  JwtKey parsed;
  parsed.type = JwtKeyType::kSecret;
  ASSIGN_OR_RETURN(parsed.material, BytesMember(key, "k"));
  if (parsed.material.size() < kMinSecretBytes) {
    return Wrong(
        absl::StrCat("a secret has less than ", kMinSecretBytes, " bytes"));
  }
  return parsed;
}

using KeyParser = absl::StatusOr<JwtKey> (*)(const json&);

// Returns null for a key of an unknown type.
KeyParser ParserFor(const json& key) {
  const std::string type = StringMember(key, "kty").value_or("");
  const std::string curve = StringMember(key, "crv").value_or("");
  if (type == "RSA") return ParseRsa;
  if (type == "EC" && IsKnownCurve(curve)) return ParseEc;
  if (type == "oct") return ParseSecret;
  return nullptr;
}

// Returns whether a key is for verifying signatures. Keys need not say what
// they are for.
bool IsForSignatures(const json& key) {
  const auto use = key.find("use");
  return use == key.end() || *use == "sig";
}

// Returns nothing if the key is to be ignored.
absl::StatusOr<std::optional<JwtKey>> ParseKey(const json& key) {
  if (!key.is_object()) return Wrong("a key isn't a JSON object");
  const KeyParser parse = ParserFor(key);
  if (parse == nullptr || !IsForSignatures(key)) return std::nullopt;
  if (key.contains("d")) {
    return Wrong("it has a private key; only the public one is needed here");
  }
  ASSIGN_OR_RETURN(JwtKey parsed, parse(key));
  parsed.id = StringMember(key, "kid");
  parsed.algorithm = StringMember(key, "alg");
  return parsed;
}

absl::StatusOr<std::vector<JwtKey>> ParseKeySet(absl::string_view content) {
  ASSIGN_OR_RETURN(const json set, ParseJsonObject(content));
  const auto members = set.find("keys");
  if (members == set.end() || !members->is_array()) {
    return Wrong("the JSON Web Key Set has no array \"keys\"");
  }
  std::vector<JwtKey> keys;
  size_t index = 0;
  for (const json& member : *members) {
    absl::StatusOr<std::optional<JwtKey>> key = ParseKey(member);
    if (!key.ok()) {
      return Wrong(absl::StrCat("keys[", index, "]: ", key.status().message()));
    }
    if (key->has_value()) keys.push_back(**std::move(key));
    ++index;
  }
  if (keys.empty()) {
    return Wrong(
        "it has no key that can verify tokens: an RSA key, one on the curve "
        "P-256 or P-384, or a secret");
  }
  return keys;
}

}  // namespace

const char* NameOf(JwtKeyType type) {
  switch (type) {
    case JwtKeyType::kRsa:
      return "RSA";
    case JwtKeyType::kEcP256:
      return "EC P-256";
    case JwtKeyType::kEcP384:
      return "EC P-384";
    case JwtKeyType::kSecret:
      return "secret";
  }
  return "";
}

absl::StatusOr<std::vector<JwtKey>> ParseJwtKeys(absl::string_view content) {
  if (absl::StartsWith(absl::StripLeadingAsciiWhitespace(content), "{")) {
    return ParseKeySet(content);
  }
  ASSIGN_OR_RETURN(JwtKey key, PublicKeyFromPem(content));
  return std::vector<JwtKey>{std::move(key)};
}

}  // namespace dissectd::server
