// SPDX-License-Identifier: GPL-2.0-or-later

// Reads any bytes as the metadata of a call, as a JSON Web Token, and as the
// two JSON texts in one, with a line break between.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/identity/bearer_token.h"
#include "server/identity/jwt.h"
#include "server/identity/jwt_claims.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using dissectd::server::ParseJwt;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  dissectd::server::BearerToken(text).status().IgnoreError();
  ParseJwt(text).status().IgnoreError();
  const std::pair<std::string, std::string> parts =
      absl::StrSplit(text, absl::MaxSplits('\n', 1));
  const std::string token =
      absl::StrCat(absl::WebSafeBase64Escape(parts.first), ".",
                   absl::WebSafeBase64Escape(parts.second), ".AAAA");
  const auto jwt = ParseJwt(token);
  if (!jwt.ok()) return 0;
  dissectd::server::CallerInClaims(jwt->claims, {"lab", ""}, absl::UnixEpoch())
      .status()
      .IgnoreError();
  return 0;
}
