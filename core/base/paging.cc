// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/paging.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/error.h"

namespace dissectd {
namespace {

// Begins every token; changes if the format does.
constexpr absl::string_view kTokenVersion = "1";

// Returns the beginning of a token, which precedes the last item of the page.
std::string TokenStart(absl::string_view question) {
  return absl::StrCat(kTokenVersion, question, absl::string_view("\0", 1));
}

}  // namespace

absl::Status PageTokenInvalid() {
  return MakeError(absl::StatusCode::kInvalidArgument,
                   "The page token doesn't belong to this request.",
                   {"PAGE_TOKEN_INVALID", {}, {}});
}

absl::StatusOr<size_t> PageSize(int32_t requested) {
  if (requested < 0) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("The page size ", requested, " is negative."),
                     {"PAGE_SIZE_NEGATIVE", {}, {}});
  }
  if (requested == 0) requested = kDefaultPageSize;
  return static_cast<size_t>(std::min(requested, kMaxPageSize));
}

std::string MakePageToken(absl::string_view question,
                          absl::string_view last_item) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(TokenStart(question), last_item));
}

absl::StatusOr<std::string> ParsePageToken(absl::string_view question,
                                           absl::string_view token) {
  if (token.empty()) return std::string();
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text)) {
    return PageTokenInvalid();
  }
  absl::string_view item = text;
  if (!absl::ConsumePrefix(&item, TokenStart(question))) {
    return PageTokenInvalid();
  }
  return std::string(item);
}

}  // namespace dissectd
