// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/connection/token.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "clients/cli/small_file.h"
#include "clients/cli/status_macros.h"

namespace dissectd::cli {
namespace {

// Longer ones don't fit into gRPC's metadata.
constexpr size_t kMaxTokenBytes = 15 << 10;
constexpr size_t kMaxFileBytes = 64 << 10;

absl::Status CheckToken(const std::string& token, absl::string_view source) {
  const bool valid = std::all_of(token.begin(), token.end(), [](char c) {
    return absl::ascii_isgraph(static_cast<unsigned char>(c));
  });
  if (valid && token.size() <= kMaxTokenBytes) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(
      "What ", source, " has isn't a token: ",
      valid ? "it is too long." : "it has spaces or characters beyond ASCII."));
}

}  // namespace

absl::StatusOr<std::string> TokenOf(const std::string& token,
                                    const std::string& file) {
  if (!token.empty() || file.empty()) {
    RETURN_IF_ERROR(CheckToken(token, "the variable DISSECTD_TOKEN"));
    return token;
  }
  ASSIGN_OR_RETURN(const std::string content,
                   ReadSmallFile(file, "a token", kMaxFileBytes));
  for (const absl::string_view line : absl::StrSplit(content, '\n')) {
    const std::string text(absl::StripAsciiWhitespace(line));
    if (text.empty() || text[0] == '#') continue;
    RETURN_IF_ERROR(CheckToken(text, absl::StrCat("\"", file, "\"")));
    return text;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", file, "\" has no token."));
}

}  // namespace dissectd::cli
