// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_STORE_FILE_LISTING_H_
#define SERVER_STORE_FILE_LISTING_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "dissectd/v1/file.pb.h"
#include "server/store/file_store.h"

namespace dissectd::server {

// The part of a store that a caller sees.
struct StoreView {
  // Whether a file is shown.
  std::function<bool(const std::string& path)> shows;
  // What has to be looked at for that.
  FileStore::Selection selection;
};

// Fills in one page of the files of a store. A file whose name is not valid
// UTF-8 has no resource name, and is left out. Errors: PAGE_SIZE_NEGATIVE,
// PAGE_TOKEN_INVALID, STORE_UNAVAILABLE, INTERNAL.
absl::Status ListPage(const FileStore& files,
                      const v1::ListFilesRequest& request,
                      const StoreView& view, v1::ListFilesResponse* response);

}  // namespace dissectd::server

#endif  // SERVER_STORE_FILE_LISTING_H_
