// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/upload_folders.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "absl/strings/str_cat.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/base/unique_fd.h"
#include "server/store/file_store.h"

namespace dissectd::server {
namespace {

constexpr mode_t kFolderMode = 0755;

}  // namespace

std::string PartFolder(absl::string_view id) {
  return absl::StrCat(kPartsFolder, "/", id);
}

std::string FinishedFolder(absl::string_view id) {
  return absl::StrCat(kUploadsFolder, "/", id);
}

absl::Status MakeFolder(int root, const std::string& path) {
  if (mkdirat(root, path.c_str(), kFolderMode) == 0 || errno == EEXIST) {
    return absl::OkStatus();
  }
  if (errno == EACCES || errno == EROFS) return errors::StoreReadOnly();
  return errors::FileSystemError("a folder of uploads can't be made", errno);
}

absl::Status SyncFolder(int root, const std::string& path) {
  const UniqueFd folder(OpenBeneath(root, path, O_RDONLY | O_DIRECTORY));
  if (folder.valid() && fsync(folder.get()) == 0) return absl::OkStatus();
  return errors::FileSystemError("a folder of the store can't be stored",
                                 errno);
}

}  // namespace dissectd::server
