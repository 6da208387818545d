// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/export_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/base/status_macros.h"
#include "server/base/dir_ptr.h"
#include "server/base/errors.h"
#include "server/base/limits.h"
#include "server/base/memory_file.h"
#include "server/base/replica.h"
#include "server/base/resource_names.h"
#include "server/base/write_contents.h"
#include "server/store/file_owners.h"
#include "server/store/quota_owner.h"

namespace dissectd::server {
namespace {

constexpr mode_t kFolderMode = 0755;
constexpr mode_t kFileMode = 0644;

absl::Status WriteFailure(absl::string_view action, int error) {
  if (error == EACCES || error == EROFS) return errors::StoreReadOnly();
  return errors::FileSystemError(action, error);
}

// Returns the name in the folder of exports.
std::string NameOf(const std::string& path) {
  return path.substr(kExportsFolder.size() + 1);
}

// Whether a file begins as gzip, Zstandard and LZ4 do.
bool IsCompressed(int file) {
  std::array<char, 4> start = {};
  const ssize_t size = pread(file, start.data(), start.size(), 0);
  const absl::string_view bytes(start.data(),
                                size < 0 ? 0 : static_cast<size_t>(size));
  return absl::StartsWith(bytes, "\x1f\x8b") ||
         absl::StartsWith(bytes, "\x28\xb5\x2f\xfd") ||
         absl::StartsWith(bytes, "\x04\x22\x4d\x18");
}

// Returns the size that an export of the capture is unlikely to exceed. Formats
// of text take about three times as many bytes as binary ones.
uint64_t ExpectedSize(int capture) {
  constexpr uint64_t kLeast = 64 << 10;
  constexpr uint64_t kGrowth = 4;
  constexpr uint64_t kGrowthOfCompressed = 40;
  struct stat status;
  if (fstat(capture, &status) != 0) return kLeast;
  const auto size = static_cast<uint64_t>(status.st_size);
  return kLeast +
         size * (IsCompressed(capture) ? kGrowthOfCompressed : kGrowth);
}

uint64_t ExpectedSize(absl::Span<const int> captures) {
  uint64_t size = 0;
  for (const int capture : captures) size += ExpectedSize(capture);
  return size;
}

// Copies a part of a file to the beginning of another.
absl::Status CopyPart(const UniqueFd& from, uint64_t offset, uint64_t size,
                      const UniqueFd& to) {
  constexpr uint64_t kPiece = 1 << 20;
  std::string buffer;
  for (uint64_t done = 0; done < size;) {
    buffer.resize(std::min(kPiece, size - done));
    const ssize_t count = pread(from.get(), buffer.data(), buffer.size(),
                                static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      // The file can't have become shorter.
      return WriteFailure("an export can't be read", count < 0 ? errno : EIO);
    }
    const auto piece = static_cast<size_t>(count);
    const int error = WriteContents(
        to.get(), absl::string_view(buffer).substr(0, piece), done);
    if (error != 0) return WriteFailure("an export can't be written", error);
    done += piece;
  }
  if (fdatasync(to.get()) == 0) return absl::OkStatus();
  return WriteFailure("storing an export failed", errno);
}

}  // namespace

ExportStore::ExportStore(const FileStore* files, UploadStore* uploads)
    : files_(files), uploads_(uploads) {
  const DirPtr entries = OpenDir(OpenBeneath(
      files_->root_fd(), std::string(kExportsFolder), O_RDONLY | O_DIRECTORY));
  if (entries == nullptr) return;
  while (const dirent* entry = readdir(entries.get())) {
    if (IsPassingName(entry->d_name)) {
      unlinkat(dirfd(entries.get()), entry->d_name, 0);
    }
  }
}

absl::StatusOr<std::string> ExportStore::CheckName(absl::string_view name,
                                                   bool overwrite) const {
  ASSIGN_OR_RETURN(std::string path, ParseFileName(name));
  absl::string_view rest = path;
  if (!absl::ConsumePrefix(&rest, kExportsFolder) ||
      !absl::ConsumePrefix(&rest, "/") || absl::StrContains(rest, "/")) {
    return errors::FileNameInvalid(
        name, absl::StrCat("it must be \"", FileName(kExportsFolder),
                           "/\" and a name without folders."));
  }
  if (IsOfOtherReplica(name)) return errors::OtherReplica(name);
  const std::string file_name = WithReplica(rest);
  RETURN_IF_ERROR(CheckNewFileName(file_name, name));
  path = absl::StrCat(kExportsFolder, "/", file_name);
  if (!overwrite && files_->Stat(path).ok()) {
    return errors::FileExists(FileName(path));
  }
  RETURN_IF_ERROR(files_->CheckThere());
  return path;
}

ExportStore::Parts::~Parts() {
  for (size_t i = 0; i < reserved_; ++i) uploads_->ForgetFile(owner_, 0);
}

absl::StatusOr<UniqueFd> ExportStore::NewNamelessFile() const {
  UniqueFd file(openat(files_->root_fd(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC,
                       kFileMode));
  if (!file.valid()) return WriteFailure("a file can't be made", errno);
  return file;
}

absl::StatusOr<ExportStore::NewExport> ExportStore::NewFile(
    const std::string& owner, const std::string& path,
    absl::Span<const int> captures) const {
  NewExport result;
  RETURN_IF_ERROR(files_->CheckThere());
  if (!files_->Stat(path).ok()) {
    // The file is counted only when it has its name, but an export that could
    // get none needn't begin.
    RETURN_IF_ERROR(uploads_->ReserveFile(owner));
    uploads_->ForgetFile(owner, 0);
  }
  ASSIGN_OR_RETURN(result.file, NewNamelessFile());
  ASSIGN_OR_RETURN(result.lease,
                   uploads_->Lease(owner, ExpectedSize(captures)));
  return result;
}

absl::StatusOr<ExportStore::NewExport> ExportStore::NewScratchFile(
    const std::string& owner, absl::Span<const int> captures) const {
  RETURN_IF_ERROR(files_->CheckThere());
  NewExport result;
  uint64_t most = std::numeric_limits<uint64_t>::max();
  absl::StatusOr<UniqueFd> on_disk = NewNamelessFile();
  if (on_disk.ok()) {
    result.file = *std::move(on_disk);
  } else {
    ASSIGN_OR_RETURN(result.file, MemoryFileWith(""));
    most = kMaxMemoryExportBytes;
  }
  ASSIGN_OR_RETURN(result.lease,
                   uploads_->Lease(owner, ExpectedSize(captures), most));
  return result;
}

absl::StatusOr<UniqueFd> ExportStore::OpenFolder() const {
  const std::string folder(kExportsFolder);
  if (mkdirat(files_->root_fd(), folder.c_str(), kFolderMode) != 0 &&
      errno != EEXIST) {
    return WriteFailure("the folder of exports can't be made", errno);
  }
  UniqueFd fd(OpenBeneath(files_->root_fd(), folder, O_RDONLY | O_DIRECTORY));
  if (!fd.valid()) {
    return WriteFailure("the folder of exports can't be opened", errno);
  }
  return fd;
}

absl::Status ExportStore::Link(const UniqueFd& file, const std::string& path,
                               bool overwrite) const {
  ASSIGN_OR_RETURN(const UniqueFd folder, OpenFolder());
  const std::string source = absl::StrCat("/proc/self/fd/", file.get());
  const std::string name = NameOf(path);
  // link(2) doesn't replace a file, but rename(2) does.
  const std::string first_name = overwrite ? NewPassingName() : name;
  if (linkat(AT_FDCWD, source.c_str(), folder.get(), first_name.c_str(),
             AT_SYMLINK_FOLLOW) != 0) {
    if (errno == EEXIST) return errors::FileExists(FileName(path));
    return WriteFailure("an export can't be named", errno);
  }
  if (overwrite && renameat(folder.get(), first_name.c_str(), folder.get(),
                            name.c_str()) != 0) {
    const int error = errno;
    unlinkat(folder.get(), first_name.c_str(), 0);
    if (error == EISDIR) return errors::FileIsDirectory(FileName(path));
    return WriteFailure("an export can't be named", error);
  }
  if (fsync(folder.get()) == 0) return absl::OkStatus();
  return WriteFailure("storing an export failed", errno);
}

absl::StatusOr<FileStore::FileInfo> ExportStore::Publish(
    const NewExport& created, const std::string& path, bool overwrite) {
  const int file = created.file.get();
  struct stat status;
  if (fdatasync(file) != 0 || fstat(file, &status) != 0) {
    return WriteFailure("storing an export failed", errno);
  }
  // Set now, as the worker that wrote the file could have changed it.
  SetQuotaOwner(file, created.lease->owner());
  created.lease->Settle(static_cast<uint64_t>(status.st_size));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(files_->CheckThere());
  const absl::StatusOr<FileStore::FileInfo> replaced = files_->Stat(path);
  // The place among the counted files: that of the file that is replaced, or
  // another.
  std::string place_of = created.lease->owner();
  if (replaced.ok()) {
    place_of = QuotaOwnerOf(files_->root_fd(), path);
  } else {
    RETURN_IF_ERROR(uploads_->ReserveFile(place_of));
  }
  const absl::Status linked = Link(created.file, path, overwrite);
  if (linked.ok()) created.lease->Keep(QuotaOwnerOf(file));
  if (linked.ok() || !replaced.ok()) {
    uploads_->ForgetFile(place_of, replaced.ok() ? replaced->size_bytes : 0);
  }
  RETURN_IF_ERROR(linked);
  return files_->Stat(path);
}

absl::StatusOr<std::unique_ptr<ExportStore::Parts>> ExportStore::Divide(
    const NewExport& whole, const std::vector<uint64_t>& sizes) const {
  RETURN_IF_ERROR(files_->CheckThere());
  ASSIGN_OR_RETURN(UniqueFd folder, OpenFolder());
  auto parts = std::make_unique<Parts>(uploads_, whole.lease->owner(),
                                       std::move(folder));
  uint64_t offset = 0;
  for (const uint64_t size : sizes) {
    RETURN_IF_ERROR(uploads_->ReserveFile(parts->owner_));
    ++parts->reserved_;
    ASSIGN_OR_RETURN(const UniqueFd file, NewNamelessFile());
    RETURN_IF_ERROR(CopyPart(whole.file, offset, size, file));
    offset += size;
    SetQuotaOwner(file.get(), parts->owner_);
    ASSIGN_OR_RETURN(std::string key, FileOwners::ExportKey(file.get()));
    parts->keys_.push_back(std::move(key));
    parts->counted_.emplace_back(QuotaOwnerOf(file.get()), size);
    const int error = parts->files_.Add(file);
    if (error != 0) return WriteFailure("an export can't be named", error);
  }
  return parts;
}

absl::StatusOr<std::vector<FileStore::FileInfo>> ExportStore::PublishParts(
    Parts* parts, const std::vector<std::string>& paths) {
  std::vector<std::string> names;
  names.reserve(paths.size());
  for (const std::string& path : paths) names.push_back(NameOf(path));
  absl::MutexLock lock(&mutex_);
  RETURN_IF_ERROR(files_->CheckThere());
  size_t failed = 0;
  const int error = parts->files_.Name(names, &failed);
  if (error == EEXIST) return errors::FileExists(FileName(paths[failed]));
  if (error != 0) return WriteFailure("an export can't be named", error);
  for (const auto& [owner, size] : parts->counted_) {
    uploads_->CountFile(owner, size);
  }
  std::vector<FileStore::FileInfo> infos;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(FileStore::FileInfo info, files_->Stat(path));
    infos.push_back(std::move(info));
  }
  return infos;
}

}  // namespace dissectd::server
