// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/file_listing.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "core/base/paging.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "server/store/file_conversion.h"

namespace dissectd::server {

absl::Status ListPage(const FileStore& files,
                      const v1::ListFilesRequest& request,
                      const std::function<bool(const std::string& path)>& shows,
                      v1::ListFilesResponse* response) {
  ASSIGN_OR_RETURN(const size_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   ParsePageToken(request.prefix(), request.page_token()));
  ASSIGN_OR_RETURN(const std::vector<FileStore::FileInfo> all, files.List());
  auto next = std::upper_bound(
      all.begin(), all.end(), after,
      [](const std::string& path, const FileStore::FileInfo& file) {
        return path < file.path;
      });
  std::string last;
  for (; next != all.end(); ++next) {
    if (!absl::StartsWith(next->path, request.prefix())) continue;
    if (!IsValidUtf8(next->path)) {
      spdlog::debug("ListFiles leaves out {}: the name isn't UTF-8",
                    MakeValidUtf8(next->path));
      continue;
    }
    if (!shows(next->path)) continue;
    if (static_cast<size_t>(response->files_size()) == page_size) {
      response->set_next_page_token(MakePageToken(request.prefix(), last));
      break;
    }
    ToProto(*next, response->add_files());
    last = next->path;
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
