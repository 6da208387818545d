// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/principal_name.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/identity/plain_name.h"

namespace dissectd::server {
namespace {

constexpr absl::string_view kUnix = "unix:";
// The kinds that the authenticator makes, and groups.
constexpr absl::string_view kKinds[] = {
    "token:", "jwt:", "certificate:", kUnix, "proxy:", "group:"};

bool IsUserId(absl::string_view text) {
  uint32_t number = 0;
  return absl::SimpleAtoi(text, &number) && absl::StrCat(number) == text;
}

}  // namespace

std::string WhyNoPrincipal(absl::string_view text) {
  if (text == "*") return "";
  if (absl::StrContains(text, '*')) {
    return "has a \"*\"; only \"*\" alone has a meaning, every caller";
  }
  const auto* kind = std::find_if(
      std::begin(kKinds), std::end(kKinds),
      [text](absl::string_view each) { return absl::StartsWith(text, each); });
  if (kind == std::end(kKinds)) {
    return "has no kind; write token:NAME, jwt:SUBJECT, certificate:NAME, "
           "unix:UID, proxy:NAME, group:NAME, or * for every caller";
  }
  absl::ConsumePrefix(&text, *kind);
  if (text.empty()) return absl::StrCat("has no name after \"", *kind, "\"");
  if (*kind == kUnix && !IsUserId(text)) {
    return "doesn't have the number of a user, which \"id -u USER\" prints, "
           "after \"unix:\"";
  }
  if (!IsPlainName(text)) {
    return "has blanks or other characters that no name has, or is too long";
  }
  return "";
}

}  // namespace dissectd::server
