// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/identity/base64url.h"

#include "absl/strings/escaping.h"

namespace dissectd::server {

// Abseil accepts more than one text for the same bytes; only one of them is
// what it would write itself.
std::optional<std::string> DecodeBase64Url(absl::string_view text) {
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(text, &bytes)) return std::nullopt;
  if (absl::WebSafeBase64Escape(bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace dissectd::server
