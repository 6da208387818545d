// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/file_listing.h"

#include <spdlog/spdlog.h>

#include <string>

#include "absl/status/statusor.h"
#include "core/base/paging.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "server/store/file_conversion.h"

namespace dissectd::server {

absl::Status ListPage(const FileStore& files,
                      const v1::ListFilesRequest& request,
                      const StoreView& view, v1::ListFilesResponse* response) {
  ASSIGN_OR_RETURN(const size_t page_size, PageSize(request.page_size()));
  ASSIGN_OR_RETURN(const std::string after,
                   ParsePageToken(request.prefix(), request.page_token()));
  RETURN_IF_ERROR(files.CheckThere());
  std::string last;
  return files.Visit(
      after, request.prefix(),
      [&](const FileStore::FileInfo& file) {
        if (!IsValidUtf8(file.path)) {
          spdlog::debug("ListFiles leaves out {}: the name isn't UTF-8",
                        MakeValidUtf8(file.path));
          return true;
        }
        if (!view.shows(file.path)) return true;
        if (static_cast<size_t>(response->files_size()) == page_size) {
          response->set_next_page_token(MakePageToken(request.prefix(), last));
          return false;
        }
        ToProto(file, response->add_files());
        last = file.path;
        return true;
      },
      view.selection);
}

}  // namespace dissectd::server
