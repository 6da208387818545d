// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/file_store.h"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "server/base/dir_ptr.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Lists leave out folders that are nested deeper than this.
constexpr int kMaxDepth = 32;

absl::Status OpenError(const std::string& path, int error) {
  const std::string name = FileName(path);
  switch (error) {
    // ELOOP and EXDEV mean a link, or a path that leaves the store; neither
    // exists for clients.
    case ENOENT:
    case ENOTDIR:
    case ELOOP:
    case EXDEV:
      return errors::FileNotFound(name);
    case EACCES:
    case EPERM:
      return errors::FileNotReadable(name);
    case ENXIO:
    case ENODEV:
      return errors::FileNotRegular(name);
    case ENAMETOOLONG:
      return errors::FileNameInvalid(name, "it is too long.");
    default:
      return errors::FileSystemError(
          absl::StrCat("opening \"", name, "\" failed"), error);
  }
}

absl::Status CheckRegular(const std::string& path, mode_t mode) {
  if (S_ISDIR(mode)) return errors::FileIsDirectory(FileName(path));
  if (S_ISLNK(mode)) return errors::FileNotFound(FileName(path));
  if (!S_ISREG(mode)) return errors::FileNotRegular(FileName(path));
  return absl::OkStatus();
}

FileStore::FileInfo ToInfo(std::string path, const struct stat& status) {
  FileStore::FileInfo info;
  info.uploaded = IsUploaded(path);
  info.path = std::move(path);
  info.size_bytes = static_cast<uint64_t>(status.st_size);
  info.modify_time = status.st_mtim;
  return info;
}

}  // namespace

bool IsUploaded(const std::string& path) {
  return absl::StartsWith(path, absl::StrCat(kUploadsFolder, "/")) ||
         absl::StartsWith(path, absl::StrCat(kExportsFolder, "/"));
}

int OpenBeneath(int root, const std::string& path, int flags) {
  open_how how = {};
  how.flags = static_cast<uint64_t>(flags | O_CLOEXEC);
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  return static_cast<int>(
      syscall(SYS_openat2, root, path.c_str(), &how, sizeof(how)));
}

absl::StatusOr<FileStore> FileStore::Open(const std::string& folder) {
  UniqueFd root(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!root.valid()) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat("the store \"", folder, "\" can't be opened"));
  }
  return FileStore(std::move(root), folder);
}

absl::Status FileStore::Lock() const {
  if (faccessat(root_.get(), ".", W_OK, AT_EACCESS) != 0) {
    return absl::OkStatus();
  }
  // Locks the folder itself, so that no lock file is left behind.
  if (flock(root_.get(), LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno == EWOULDBLOCK) {
    return absl::AlreadyExistsError(absl::StrCat(
        "the store \"", folder_, "\" is in use by another dissectd"));
  }
  // Some file systems, such as NFS, have no locks on folders.
  spdlog::warn("the store \"{}\" can't be locked: {}", folder_,
               std::strerror(errno));
  return absl::OkStatus();
}

absl::StatusOr<UniqueFd> FileStore::OpenFile(const std::string& path) const {
  // Without O_NONBLOCK, opening a FIFO would wait for a writer.
  UniqueFd file(OpenBeneath(root_.get(), path, O_RDONLY | O_NONBLOCK));
  if (!file.valid()) return OpenError(path, errno);
  struct stat status;
  if (fstat(file.get(), &status) != 0) return OpenError(path, errno);
  RETURN_IF_ERROR(CheckRegular(path, status.st_mode));
  return file;
}

absl::StatusOr<FileStore::FileInfo> FileStore::Stat(
    const std::string& path) const {
  const UniqueFd file(OpenBeneath(root_.get(), path, O_PATH | O_NOFOLLOW));
  if (!file.valid()) return OpenError(path, errno);
  struct stat status;
  if (fstat(file.get(), &status) != 0) return OpenError(path, errno);
  RETURN_IF_ERROR(CheckRegular(path, status.st_mode));
  return ToInfo(path, status);
}

absl::StatusOr<std::vector<FileStore::FileInfo>> FileStore::List() const {
  std::vector<FileInfo> files;
  RETURN_IF_ERROR(ListFolder(root_.get(), "", 0, &files));
  std::sort(
      files.begin(), files.end(),
      [](const FileInfo& a, const FileInfo& b) { return a.path < b.path; });
  return files;
}

absl::Status FileStore::ListFolder(int folder, const std::string& prefix,
                                   int depth,
                                   std::vector<FileInfo>* files) const {
  // Reading changes a descriptor's position, so this needs a separate
  // descriptor.
  const DirPtr entries =
      OpenDir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (entries == nullptr) {
    return errors::FileSystemError("listing the store", errno);
  }
  while (const dirent* entry = readdir(entries.get())) {
    if (entry->d_name[0] == '.') continue;
    struct stat status;
    if (fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      continue;  // Deleted in between.
    }
    const std::string path = absl::StrCat(prefix, entry->d_name);
    if (S_ISREG(status.st_mode)) {
      files->push_back(ToInfo(path, status));
    } else if (S_ISDIR(status.st_mode) && depth < kMaxDepth) {
      const UniqueFd child(
          openat(folder, entry->d_name,
                 O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
      if (!child.valid()) continue;
      RETURN_IF_ERROR(ListFolder(child.get(), path + "/", depth + 1, files));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<uint64_t> FileStore::Delete(const std::string& path) const {
  ASSIGN_OR_RETURN(const FileInfo info, Stat(path));
  if (!IsUploaded(path)) return errors::FileReadOnly(FileName(path));
  const size_t slash = path.rfind('/');
  const std::string folder_path = path.substr(0, slash);
  const UniqueFd folder(
      OpenBeneath(root_.get(), folder_path, O_RDONLY | O_DIRECTORY));
  if (!folder.valid()) return OpenError(path, errno);
  if (unlinkat(folder.get(), path.c_str() + slash + 1, 0) != 0) {
    return OpenError(path, errno);
  }
  // Deletes the folder if it is empty: each upload has a separate folder, while
  // exports share one.
  unlinkat(root_.get(), folder_path.c_str(), AT_REMOVEDIR);
  return info.size_bytes;
}

}  // namespace dissectd::server
