// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/file_listing.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "server/errors.h"
#include "server/file_conversion.h"

namespace dissectd {
namespace {

constexpr int32_t kDefaultPageSize = 100;
constexpr int32_t kMaxPageSize = 1000;

// In front of a token's prefix; changes if the format does.
constexpr absl::string_view kTokenVersion = "1";

// What a token holds before the path of the last file of its page.
std::string TokenStart(absl::string_view prefix) {
  return absl::StrCat(kTokenVersion, prefix, absl::string_view("\0", 1));
}

std::string MakeToken(absl::string_view prefix, absl::string_view last_path) {
  return absl::WebSafeBase64Escape(absl::StrCat(TokenStart(prefix), last_path));
}

// Returns the path after which the page starts.
absl::StatusOr<std::string> ParseToken(absl::string_view prefix,
                                       absl::string_view token) {
  if (token.empty()) return std::string();
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text)) {
    return errors::PageTokenInvalid();
  }
  absl::string_view path = text;
  if (!absl::ConsumePrefix(&path, TokenStart(prefix))) {
    return errors::PageTokenInvalid();
  }
  return std::string(path);
}

absl::StatusOr<size_t> PageSize(int32_t requested) {
  if (requested < 0) return errors::PageSizeNegative(requested);
  if (requested == 0) requested = kDefaultPageSize;
  return static_cast<size_t>(std::min(requested, kMaxPageSize));
}

}  // namespace

absl::Status ListPage(const FileStore& files,
                      const v1::ListFilesRequest& request,
                      v1::ListFilesResponse* response) {
  ASSIGN_OR_RETURN(const size_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   ParseToken(request.prefix(), request.page_token()));
  ASSIGN_OR_RETURN(const std::vector<FileStore::FileInfo> all, files.List());
  auto next = std::upper_bound(
      all.begin(), all.end(), after,
      [](const std::string& path, const FileStore::FileInfo& file) {
        return path < file.path;
      });
  std::string last;
  for (; next != all.end(); ++next) {
    if (!absl::StartsWith(next->path, request.prefix()) ||
        !IsValidUtf8(next->path)) {
      continue;
    }
    if (static_cast<size_t>(response->files_size()) == page_size) {
      response->set_next_page_token(MakeToken(request.prefix(), last));
      break;
    }
    ToProto(*next, response->add_files());
    last = next->path;
  }
  return absl::OkStatus();
}

}  // namespace dissectd
