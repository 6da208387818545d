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
#include <iterator>
#include <memory>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "core/base/status_macros.h"
#include "server/base/errors.h"
#include "server/base/replica.h"
#include "server/base/resource_names.h"
#include "server/metrics/events.h"
#include "server/store/store_errors.h"
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

// Checks that this process may use openat2, as it would find no file otherwise.
absl::Status CheckOpenBeneath(int root) {
  const UniqueFd folder(OpenBeneath(root, ".", O_RDONLY | O_DIRECTORY));
  if (folder.valid() || (errno != ENOSYS && errno != EPERM)) {
    return absl::OkStatus();
  }
  return absl::FailedPreconditionError(
      "the system call openat2, by which the daemon stays within its store, is "
      "forbidden: set RestrictSUIDSGID=no in the systemd unit, or allow it in "
      "the container's seccomp profile");
}

absl::Status CheckRegular(const std::string& path, mode_t mode) {
  if (S_ISDIR(mode)) return errors::FileIsDirectory(FileName(path));
  if (S_ISLNK(mode)) return errors::FileNotFound(FileName(path));
  if (!S_ISREG(mode)) return errors::FileNotRegular(FileName(path));
  return absl::OkStatus();
}

// Whether the capture to which a file belongs still exists.
bool HasCapture(int root, const std::string& path) {
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '/');
  // A new journal gets the name of the other one, so that it must be first.
  for (const char* name : {kNewJournalName, kJournalName}) {
    const std::string journal =
        absl::StrCat(parts[0], "/", parts[1], "/", name);
    if (faccessat(root, journal.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
      return true;
    }
  }
  return false;
}

bool IsDeletable(int root, const std::string& path) {
  return IsUploaded(path) || (IsOfCapture(path) && !HasCapture(root, path));
}

FileStore::FileInfo ToInfo(int root, std::string path,
                           const struct stat& status) {
  FileStore::FileInfo info;
  info.deletable = IsDeletable(root, path);
  info.path = std::move(path);
  info.size_bytes = static_cast<uint64_t>(status.st_size);
  info.modify_time = status.st_mtim;
  return info;
}

// A walk through the files of a store in the order of their paths, from a
// certain path on.
class StoreWalk {
 public:
  StoreWalk(FolderNames* names, const std::string& after,
            const std::string& prefix, FileStore::Visitor visit,
            const FileStore::Selection& selection)
      : names_(names),
        after_(after),
        prefix_(prefix),
        // The walk begins with the later of the two. It leaves out `after`, but
        // a file may be called as the prefix is.
        begin_(std::max(after, prefix)),
        visit_(visit),
        selection_(selection) {}

  // Returns false, with errno, if the folder of the store can't be read.
  bool Root(int folder) {
    const std::shared_ptr<const Names> names = names_->Read(folder);
    if (names == nullptr) return false;
    root_ = folder;
    Folder(folder, "", *names, 0);
    return true;
  }

 private:
  using Names = FolderNames::Names;

  // Walks through a folder, whose path ends with a slash. Returns false if the
  // walk is over.
  bool Folder(int folder, const std::string& path, const Names& names,
              int depth) {
    for (auto name = First(path, names); name != names.end(); ++name) {
      if (selection_.is_over && selection_.is_over()) return false;
      const std::string full = path + *name;
      if (!Leads(full)) {
        if (full > prefix_) return false;
        continue;
      }
      const bool goes_on = full.back() == '/'
                               ? Subfolder(folder, *name, full, depth)
                               : File(folder, *name, full);
      if (!goes_on) return false;
    }
    return true;
  }

  // Returns the first name in a folder that the walk comes to.
  Names::const_iterator First(const std::string& path,
                              const Names& names) const {
    if (!absl::StartsWith(begin_, path)) return names.begin();
    const std::string rest = begin_.substr(path.size());
    const auto next = std::lower_bound(names.begin(), names.end(), rest);
    if (next == names.begin()) return next;
    // The path at which the walk begins may be in the folder before.
    const auto before = std::prev(next);
    return before->back() == '/' && absl::StartsWith(rest, *before) ? before
                                                                    : next;
  }

  // Returns whether a path begins with the prefix, or is that of a folder in
  // which some may.
  bool Leads(const std::string& path) const {
    return absl::StartsWith(path, prefix_) ||
           (path.back() == '/' && absl::StartsWith(prefix_, path));
  }

  bool Subfolder(int folder, const std::string& name, const std::string& path,
                 int depth) {
    if (depth == kMaxDepth) return true;
    const UniqueFd child(
        openat(folder, name.substr(0, name.size() - 1).c_str(),
               O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!child.valid()) return true;
    std::shared_ptr<const Names> names;
    if (selection_.names) names = selection_.names(path);
    if (names == nullptr) names = names_->Read(child.get());
    return names == nullptr || Folder(child.get(), path, *names, depth + 1);
  }

  bool File(int folder, const std::string& name, const std::string& path) {
    struct stat status;
    // It may have been deleted or replaced since the folder was read.
    if (path == after_ ||
        fstatat(folder, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(status.st_mode)) {
      return true;
    }
    return visit_(ToInfo(root_, path, status));
  }

  int root_ = -1;
  FolderNames* const names_;
  const std::string after_;
  const std::string prefix_;
  const std::string begin_;
  const FileStore::Visitor visit_;
  const FileStore::Selection& selection_;
};

}  // namespace

bool IsUploaded(const std::string& path) {
  return absl::StartsWith(path, absl::StrCat(kUploadsFolder, "/")) ||
         absl::StartsWith(path, absl::StrCat(kExportsFolder, "/"));
}

bool IsOfCapture(const std::string& path) {
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '/');
  return parts.size() > 2 && parts[0] == kCapturesFolder &&
         IsResourceId(parts[1]);
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
  RETURN_IF_ERROR(CheckOpenBeneath(root.get()));
  return FileStore(std::move(root), folder);
}

absl::Status FileStore::Lock() const { return LockFolder(root_.get()); }

absl::Status FileStore::LockFolder(int folder) const {
  if (faccessat(folder, ".", W_OK, AT_EACCESS) != 0) return absl::OkStatus();
  // Locks the folder itself, so that no lock file is left behind.
  if (flock(folder, LOCK_EX | LOCK_NB) == 0) return absl::OkStatus();
  if (errno == EWOULDBLOCK) {
    return absl::AlreadyExistsError(absl::StrCat(
        "the store \"", folder_, "\" is in use by another dissectd"));
  }
  // Some file systems, such as NFS, have no locks on folders.
  metrics::Count(metrics::Event::kStoreNotLocked);
  spdlog::warn("the store \"{}\" can't be locked: {}", folder_,
               std::strerror(errno));
  return absl::OkStatus();
}

FileStore::Presence FileStore::FindAgain() {
  struct stat open_one;
  struct stat there;
  if (stat(folder_.c_str(), &there) != 0 ||
      fstat(root_.get(), &open_one) != 0) {
    state_->there = false;
    return Presence::kGone;
  }
  if (there.st_dev == open_one.st_dev && there.st_ino == open_one.st_ino) {
    state_->there = true;
    return Presence::kSame;
  }
  const bool was_there = state_->there.exchange(false);
  const absl::Status opened = OpenAgain();
  if (opened.ok()) return Presence::kReplaced;
  if (was_there) {
    spdlog::error("what has replaced the store can't be used: {}",
                  std::string(opened.message()));
  }
  return Presence::kGone;
}

absl::Status FileStore::OpenAgain() const {
  const UniqueFd folder(
      open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.valid()) {
    return absl::ErrnoToStatus(errno, absl::StrCat("opening ", folder_));
  }
  RETURN_IF_ERROR(LockFolder(folder.get()));
  // Everybody who knows the descriptor has the new folder from now on.
  if (dup3(folder.get(), root_.get(), O_CLOEXEC) < 0) {
    return absl::ErrnoToStatus(errno, "replacing a descriptor");
  }
  return absl::OkStatus();
}

absl::Status FileStore::CheckThere() const {
  struct stat status;
  if (state_->there && fstat(root_.get(), &status) == 0 &&
      status.st_nlink > 0) {
    return absl::OkStatus();
  }
  return errors::StoreUnavailable();
}

absl::StatusOr<UniqueFd> FileStore::OpenFile(const std::string& path) const {
  RETURN_IF_ERROR(CheckThere());
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
  RETURN_IF_ERROR(CheckThere());
  const UniqueFd file(OpenBeneath(root_.get(), path, O_PATH | O_NOFOLLOW));
  if (!file.valid()) return OpenError(path, errno);
  struct stat status;
  if (fstat(file.get(), &status) != 0) return OpenError(path, errno);
  RETURN_IF_ERROR(CheckRegular(path, status.st_mode));
  return ToInfo(root_.get(), path, status);
}

absl::Status FileStore::Visit(const std::string& after,
                              const std::string& prefix, Visitor visit,
                              const Selection& selection) const {
  StoreWalk walk(&state_->names, after, prefix, visit, selection);
  if (walk.Root(root_.get())) return absl::OkStatus();
  return errors::FileSystemError("listing the store", errno);
}

absl::StatusOr<uint64_t> FileStore::Delete(const std::string& path) const {
  ASSIGN_OR_RETURN(const FileInfo info, Stat(path));
  if (!info.deletable) {
    return IsOfCapture(path) ? errors::FileOfCapture(FileName(path), "deleted")
                             : errors::FileNotDeletable(FileName(path));
  }
  const size_t slash = path.rfind('/');
  const std::string folder_path = path.substr(0, slash);
  const UniqueFd folder(
      OpenBeneath(root_.get(), folder_path, O_RDONLY | O_DIRECTORY));
  if (!folder.valid()) return OpenError(path, errno);
  if (unlinkat(folder.get(), path.c_str() + slash + 1, 0) != 0) {
    return OpenError(path, errno);
  }
  // Deletes the folder if it is empty: each upload and capture has a separate
  // one, while exports share one.
  unlinkat(root_.get(), folder_path.c_str(), AT_REMOVEDIR);
  return info.size_bytes;
}

}  // namespace dissectd::server
