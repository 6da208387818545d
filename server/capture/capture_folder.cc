// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <functional>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/base/dir_ptr.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/store/file_store.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr mode_t kFolderMode = 0755;

std::string FolderOf(absl::string_view id) {
  return absl::StrCat(kCapturesFolder, "/", id);
}

std::vector<std::string> EntriesOf(UniqueFd folder) {
  std::vector<std::string> names;
  const DirPtr entries = OpenDir(folder.release());
  if (entries == nullptr) return names;
  while (const dirent* entry = readdir(entries.get())) {
    const absl::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

absl::Status CaptureFolderError(absl::string_view action, int error) {
  if (error == EACCES || error == EROFS) return errors::StoreReadOnly();
  return errors::FileSystemError(absl::StrCat("a capture's ", action), error);
}

absl::Status MakeCaptureFolder(int root, const std::string& id) {
  const std::string all(kCapturesFolder);
  for (const std::string& path : {all, FolderOf(id)}) {
    const bool may_exist = path == all;
    if (mkdirat(root, path.c_str(), kFolderMode) != 0 &&
        !(may_exist && errno == EEXIST)) {
      return CaptureFolderError("folder can't be made", errno);
    }
  }
  ASSIGN_OR_RETURN(const UniqueFd folder, OpenCaptureFolder(root, id));
  const UniqueFd journal(openat(folder.get(), kNewJournalName,
                                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                                kJournalMode));
  if (!journal.valid()) {
    return CaptureFolderError("journal can't be made", errno);
  }
  return absl::OkStatus();
}

void DeleteUnfinishedFolder(int root, const std::string& id) {
  const absl::StatusOr<UniqueFd> folder = OpenCaptureFolder(root, id);
  if (!folder.ok()) return;
  const auto has = [&folder](const char* name) {
    return faccessat(folder->get(), name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
  };
  if (!has(kNewJournalName) || has(kJournalName)) return;
  DeleteCaptureFolder(root, id, true).IgnoreError();
}

absl::StatusOr<UniqueFd> OpenCaptureFolder(int root, const std::string& id) {
  UniqueFd folder(OpenBeneath(root, FolderOf(id), O_RDONLY | O_DIRECTORY));
  if (!folder.valid()) {
    return CaptureFolderError("folder can't be opened", errno);
  }
  return folder;
}

absl::StatusOr<OwnFile> OpenOwnFile(int folder, const char* name) {
  // Without O_NONBLOCK, a named pipe would wait for somebody who writes to it.
  UniqueFd file(
      openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  struct stat status;
  if (!file.valid() || fstat(file.get(), &status) != 0) {
    if (errno == ENOENT) return absl::NotFoundError("doesn't exist");
    return absl::FailedPreconditionError(
        absl::StrCat("can't be opened (", std::strerror(errno), ")"));
  }
  if (!S_ISREG(status.st_mode)) {
    return absl::FailedPreconditionError("isn't a regular file");
  }
  return OwnFile{std::move(file), static_cast<size_t>(status.st_size),
                 status.st_uid};
}

std::string ReadOwnFile(const UniqueFd& file, size_t size) {
  std::string bytes(size, '\0');
  size_t length = 0;
  while (length < size) {
    const ssize_t count = pread(file.get(), &bytes[length], size - length,
                                static_cast<off_t>(length));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    length += static_cast<size_t>(count);
  }
  bytes.resize(length);
  return bytes;
}

void WarnOfOwnFile(absl::string_view id, absl::string_view name,
                   absl::string_view what, absl::string_view consequence) {
  spdlog::warn("{}/{}/{} {}: {}", std::string(kCapturesFolder), std::string(id),
               std::string(name), std::string(what), std::string(consequence));
}

std::vector<std::string> ListCaptureFolders(int root) {
  UniqueFd folder(
      OpenBeneath(root, std::string(kCapturesFolder), O_RDONLY | O_DIRECTORY));
  if (!folder.valid()) return {};
  return EntriesOf(std::move(folder));
}

uint64_t CaptureFolderSize(int root, const std::string& id) {
  absl::StatusOr<UniqueFd> folder = OpenCaptureFolder(root, id);
  if (!folder.ok()) return 0;
  const UniqueFd entries(dup(folder->get()));
  uint64_t size = 0;
  for (const std::string& name : EntriesOf(*std::move(folder))) {
    struct stat status;
    if (fstatat(entries.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) ==
            0 &&
        S_ISREG(status.st_mode)) {
      size += static_cast<uint64_t>(status.st_size);
    }
  }
  return size;
}

absl::Status DeleteCaptureFolder(int root, const std::string& id,
                                 bool delete_files) {
  ASSIGN_OR_RETURN(UniqueFd folder, OpenCaptureFolder(root, id));
  const UniqueFd entries(dup(folder.get()));
  std::vector<std::string> names = EntriesOf(std::move(folder));
  // The daemon's own files are last: if it is killed meanwhile, the rest still
  // belongs to a capture, which can be deleted.
  const auto own = std::partition(
      names.begin(), names.end(),
      [](const std::string& name) { return !absl::StartsWith(name, "."); });
  // The new journal goes before the journal, as DeleteUnfinishedFolder looks.
  std::sort(own, names.end(), std::greater<>());
  if (!delete_files) names.erase(names.begin(), own);
  for (const std::string& name : names) {
    if (unlinkat(entries.get(), name.c_str(), 0) != 0 && errno != ENOENT) {
      return CaptureFolderError("file can't be deleted", errno);
    }
  }
  unlinkat(root, FolderOf(id).c_str(), AT_REMOVEDIR);
  return absl::OkStatus();
}

}  // namespace dissectd::server
