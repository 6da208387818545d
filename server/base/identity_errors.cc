// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/identity_errors.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/strings/cord.h"
#include "core/base/error.h"
#include "server/base/errors.h"

namespace dissectd::server {
namespace {

// The payload of a status with the detail. SerializeStatus, which makes what
// clients get, doesn't know it.
constexpr absl::string_view kDetailUrl = "dissectd/identity-detail";

constexpr size_t kMaxDetailBytes = 64;

absl::Status WithDetail(absl::Status status, absl::string_view detail) {
  status.SetPayload(kDetailUrl, absl::Cord(detail));
  return status;
}

// Workers make statuses, too, with any payloads.
bool IsDetail(absl::string_view text) {
  return text.size() <= kMaxDetailBytes &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return absl::ascii_islower(c) || c == '_';
         });
}

}  // namespace

namespace errors {

absl::Status Unidentified(absl::string_view detail, absl::string_view why) {
  return WithDetail(Unauthenticated(why), detail);
}

absl::Status TokenExpired() {
  return WithDetail(
      MakeError(absl::StatusCode::kUnauthenticated,
                "The call's token has expired.", {"TOKEN_EXPIRED", {}, {}}),
      "token_expired");
}

absl::Status ProxyNotTrusted() {
  return Unidentified(
      "proxy_not_trusted",
      "Only proxies that the daemon trusts (--trusted-proxy) may name a caller "
      "in the metadata \"x-dissectd-caller\" and \"x-dissectd-groups\".");
}

absl::Status Unseen(const absl::Status& rate_exceeded) {
  return WithDetail(rate_exceeded, "rate_exceeded");
}

}  // namespace errors

std::string IdentityDetail(const absl::Status& status) {
  if (!absl::IsUnauthenticated(status) && !absl::IsResourceExhausted(status)) {
    return "";
  }
  const auto detail = status.GetPayload(kDetailUrl);
  if (!detail.has_value()) return "";
  std::string text(*detail);
  return IsDetail(text) ? text : "";
}

}  // namespace dissectd::server
