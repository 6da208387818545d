// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/bearer_token.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "server/base/identity_errors.h"

namespace dissectd::server {
namespace {

constexpr absl::string_view kScheme = "bearer ";

// Longer than any token that identity providers issue.
constexpr size_t kMaxTokenBytes = size_t{16} << 10;

bool IsTokenCharacter(unsigned char c) {
  return absl::ascii_isalnum(c) || absl::StrContains("-._~+/=", c);
}

}  // namespace

absl::StatusOr<absl::string_view> BearerToken(absl::string_view authorization) {
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) {
    return errors::Unidentified(
        "authorization_malformed",
        "The metadata \"authorization\" isn't \"Bearer TOKEN\".");
  }
  const absl::string_view token = authorization.substr(kScheme.size());
  if (token.empty() || token.size() > kMaxTokenBytes ||
      !std::all_of(token.begin(), token.end(), IsTokenCharacter)) {
    return errors::Unidentified("token_malformed",
                                "The call's token isn't well-formed.");
  }
  return token;
}

}  // namespace dissectd::server
