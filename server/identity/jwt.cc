// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/jwt.h"

#include <cstddef>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "server/base/identity_errors.h"
#include "server/base/strict_json.h"
#include "server/identity/base64url.h"

namespace dissectd::server {
namespace {

constexpr size_t kMaxBytes = size_t{16} << 10;
constexpr size_t kParts = 3;

absl::Status Malformed() {
  return errors::Unidentified(
      "token_malformed",
      "The call's token isn't a well-formed JSON Web Token.");
}

absl::Status ReadHeader(absl::string_view part, Jwt* jwt) {
  const std::optional<std::string> text = DecodeBase64Url(part);
  if (!text.has_value()) return Malformed();
  const absl::StatusOr<nlohmann::json> header = ParseJsonObject(*text);
  if (!header.ok()) return Malformed();
  // Names extensions that a reader must understand; this one knows none.
  if (header->contains("crit")) {
    return errors::Unidentified(
        "token_malformed",
        "The call's token has extensions, which aren't supported.");
  }
  std::optional<std::string> algorithm = StringMember(*header, "alg");
  jwt->key_id = StringMember(*header, "kid");
  if (!algorithm.has_value()) return Malformed();
  if (header->contains("kid") && !jwt->key_id.has_value()) return Malformed();
  jwt->algorithm = *std::move(algorithm);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Jwt> ParseJwt(absl::string_view token) {
  if (token.size() > kMaxBytes) return Malformed();
  const std::vector<absl::string_view> parts = absl::StrSplit(token, '.');
  if (parts.size() != kParts) return Malformed();
  Jwt jwt;
  RETURN_IF_ERROR(ReadHeader(parts[0], &jwt));
  std::optional<std::string> claims = DecodeBase64Url(parts[1]);
  if (!claims.has_value()) return Malformed();
  jwt.claims = *std::move(claims);
  jwt.signed_part = token.substr(0, parts[0].size() + 1 + parts[1].size());
  jwt.signature = parts[2];
  if (jwt.signature.empty() || !DecodeBase64Url(jwt.signature).has_value()) {
    return Malformed();
  }
  return jwt;
}

}  // namespace dissectd::server
