// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/upload_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "server/base/dir_ptr.h"
#include "server/base/errors.h"
#include "server/base/random_id.h"
#include "server/base/resource_names.h"

namespace dissectd::server {
namespace {

constexpr char kPartsFolder[] = ".uploads";
constexpr time_t kAbandonedAfterSeconds = time_t{24} * 60 * 60;
// How long a copy is kept for its client although the quota is used up.
constexpr time_t kNeededSeconds = 60;
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kFileMode = 0644;

std::string PartFolder(absl::string_view id) {
  return absl::StrCat(kPartsFolder, "/", id);
}

std::string FinishedFolder(absl::string_view id) {
  return absl::StrCat(kUploadsFolder, "/", id);
}

// Returns the names in a folder of the store; none if it can't be read.
std::vector<std::string> NamesIn(int root, const std::string& folder) {
  std::vector<std::string> names;
  const DirPtr entries =
      OpenDir(OpenBeneath(root, folder, O_RDONLY | O_DIRECTORY));
  if (entries == nullptr) return names;
  while (const dirent* entry = readdir(entries.get())) {
    if (entry->d_name[0] != '.') names.emplace_back(entry->d_name);
  }
  return names;
}

uint64_t SizeOf(int root, const std::string& path) {
  struct stat status;
  if (fstatat(root, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return 0;
  return static_cast<uint64_t>(status.st_size);
}

absl::Status MakeFolder(int root, const std::string& path) {
  if (mkdirat(root, path.c_str(), kFolderMode) == 0 || errno == EEXIST) {
    return absl::OkStatus();
  }
  if (errno == EACCES || errno == EROFS) return errors::StoreReadOnly();
  return errors::FileSystemError("an upload's folder can't be made", errno);
}

}  // namespace

absl::StatusOr<std::unique_ptr<UploadStore>> UploadStore::Open(
    const FileStore* files, uint64_t quota) {
  // make_unique can't call the private constructor.
  std::unique_ptr<UploadStore> store(new UploadStore(files, quota));
  RETURN_IF_ERROR(store->MeasureUsed());
  store->copies_.Load();
  store->DeleteExpired();
  return store;
}

absl::Status UploadStore::MeasureUsed() {
  ASSIGN_OR_RETURN(const std::vector<FileStore::FileInfo> files,
                   files_->List());
  uint64_t used = 0;
  for (const FileStore::FileInfo& file : files) {
    if (file.uploaded) used += file.size_bytes;
  }
  for (const std::string& id : NamesIn(root(), kPartsFolder)) {
    for (const std::string& name : NamesIn(root(), PartFolder(id))) {
      used += SizeOf(root(), absl::StrCat(PartFolder(id), "/", name));
    }
  }
  absl::MutexLock lock(&mutex_);
  used_ = used;
  return absl::OkStatus();
}

void UploadStore::DeleteExpired() {
  const time_t oldest = time(nullptr) - kAbandonedAfterSeconds;
  for (const std::string& id : NamesIn(root(), kPartsFolder)) {
    const absl::StatusOr<std::string> name = FileNameIn(PartFolder(id));
    struct stat status;
    if (!name.ok() ||
        fstatat(root(), absl::StrCat(PartFolder(id), "/", *name).c_str(),
                &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        status.st_mtime >= oldest) {
      continue;
    }
    // Fails for an upload that is being written, which is kept.
    Delete(id).IgnoreError();
  }
  while (DeleteCopy(oldest)) {
  }
}

bool UploadStore::DeleteCopy(time_t time) {
  const std::optional<std::string> path = copies_.LeastRecent(time);
  return path.has_value() && DeleteFile(*path).ok();
}

absl::StatusOr<std::string> UploadStore::FileNameIn(
    absl::string_view folder) const {
  std::vector<std::string> names = NamesIn(root(), std::string(folder));
  if (names.size() != 1) {
    return absl::NotFoundError("the folder of the upload has no file");
  }
  return std::move(names[0]);
}

absl::StatusOr<UploadStore::Info> UploadStore::Create(
    absl::string_view file_name, const Principal& principal,
    const std::string& sha256) {
  RETURN_IF_ERROR(CheckNewFileName(file_name, file_name));
  DeleteExpired();
  const UploadCopies::Key key = {principal, std::string(file_name), sha256};
  if (!sha256.empty()) {
    if (sha256.size() != Sha256::kBytes) {
      return errors::UploadHashInvalid(sha256.size());
    }
    const std::optional<std::string> id = copies_.Find(key);
    if (id.has_value()) {
      absl::StatusOr<Info> found = Get(*id);
      // It may have been deleted meanwhile.
      if (!absl::IsNotFound(found.status())) return found;
    }
  }
  RETURN_IF_ERROR(Reserve(0));
  ASSIGN_OR_RETURN(Info info, CreateFile(file_name));
  if (sha256.empty()) return info;
  const absl::Status noted = copies_.Begin(info.id, key);
  if (noted.ok()) return info;
  Delete(info.id).IgnoreError();
  return noted;
}

absl::StatusOr<UploadStore::Info> UploadStore::CreateFile(
    absl::string_view file_name) {
  Info info;
  info.id = NewRandomId();
  const std::string folder = PartFolder(info.id);
  RETURN_IF_ERROR(MakeFolder(root(), kPartsFolder));
  RETURN_IF_ERROR(MakeFolder(root(), folder));
  const UniqueFd file(
      openat(root(), absl::StrCat(folder, "/", file_name).c_str(),
             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!file.valid()) {
    const int error = errno;
    unlinkat(root(), folder.c_str(), AT_REMOVEDIR);
    return errors::FileSystemError("an upload's file can't be made", error);
  }
  return info;
}

absl::StatusOr<UploadStore::Info> UploadStore::Get(
    const std::string& id) const {
  Info info;
  info.id = id;
  absl::StatusOr<std::string> name = FileNameIn(PartFolder(id));
  if (name.ok()) {
    info.committed_bytes =
        SizeOf(root(), absl::StrCat(PartFolder(id), "/", *name));
    return info;
  }
  name = FileNameIn(FinishedFolder(id));
  if (!name.ok()) return errors::UploadNotFound(UploadName(id));
  info.path = absl::StrCat(FinishedFolder(id), "/", *name);
  info.committed_bytes = SizeOf(root(), info.path);
  return info;
}

absl::StatusOr<std::unique_ptr<UploadStore::Writer>> UploadStore::OpenWriter(
    const std::string& id) {
  {
    absl::MutexLock lock(&mutex_);
    if (!busy_.insert(id).second) return errors::UploadBusy(UploadName(id));
  }
  const absl::StatusOr<std::string> name = FileNameIn(PartFolder(id));
  const std::string path =
      name.ok() ? absl::StrCat(PartFolder(id), "/", *name) : std::string();
  const std::string hash = copies_.HashOf(id);
  UniqueFd file;
  if (name.ok()) {
    file =
        UniqueFd(OpenBeneath(root(), path, hash.empty() ? O_WRONLY : O_RDWR));
  }
  if (!file.valid()) {
    EndWriting(id);
    return errors::UploadNotFound(UploadName(id));
  }
  // make_unique can't call the private constructor.
  return std::unique_ptr<Writer>(
      new Writer(this, id, *name, std::move(file), SizeOf(root(), path), hash));
}

absl::Status UploadStore::Delete(const std::string& id) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer, OpenWriter(id));
  return Remove(id, writer->file_name_);
}

absl::Status UploadStore::Remove(const std::string& id,
                                 const std::string& file_name) {
  const std::string path = absl::StrCat(PartFolder(id), "/", file_name);
  const uint64_t size = SizeOf(root(), path);
  if (unlinkat(root(), path.c_str(), 0) != 0) {
    return errors::FileSystemError("an upload can't be deleted", errno);
  }
  Release(size);
  unlinkat(root(), PartFolder(id).c_str(), AT_REMOVEDIR);
  copies_.Forget(id);
  return absl::OkStatus();
}

absl::Status UploadStore::DeleteFile(const std::string& path) {
  ASSIGN_OR_RETURN(const uint64_t freed, files_->Delete(path));
  Release(freed);
  const std::vector<std::string> parts = absl::StrSplit(path, '/');
  if (parts[0] == kUploadsFolder && parts.size() > 1) copies_.Forget(parts[1]);
  return absl::OkStatus();
}

absl::Status UploadStore::Reserve(uint64_t bytes) {
  while (!TryReserve(bytes)) {
    if (DeleteCopy(time(nullptr) - kNeededSeconds)) continue;
    // Another call may have deleted it.
    return TryReserve(bytes) ? absl::OkStatus()
                             : errors::UploadQuotaExceeded(quota_);
  }
  return absl::OkStatus();
}

bool UploadStore::TryReserve(uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  if (used_ >= quota_ || bytes > quota_ - used_) return false;
  used_ += bytes;
  return true;
}

void UploadStore::Release(uint64_t bytes) {
  absl::MutexLock lock(&mutex_);
  used_ -= bytes < used_ ? bytes : used_;
}

uint64_t UploadStore::FreeBytes() const {
  const uint64_t in_copies =
      copies_.BytesUnusedSince(time(nullptr) - kNeededSeconds);
  absl::MutexLock lock(&mutex_);
  const uint64_t needed = used_ - std::min(used_, in_copies);
  return needed < quota_ ? quota_ - needed : 0;
}

void UploadStore::EndWriting(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  busy_.erase(id);
}

UploadStore::Writer::Writer(UploadStore* store, std::string id,
                            std::string file_name, UniqueFd file, uint64_t size,
                            std::string expected_hash)
    : store_(store),
      id_(std::move(id)),
      file_name_(std::move(file_name)),
      file_(std::move(file)),
      size_(size),
      expected_hash_(std::move(expected_hash)) {
  if (size_ == 0 && !expected_hash_.empty()) hash_.emplace();
}

UploadStore::Writer::~Writer() { store_->EndWriting(id_); }

absl::Status UploadStore::Writer::Write(uint64_t offset,
                                        absl::string_view data) {
  if (offset != size_) {
    return errors::UploadOffsetMismatch(UploadName(id_), offset, size_);
  }
  if (data.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(store_->Reserve(data.size()));
  while (!data.empty()) {
    const ssize_t written = pwrite(file_.get(), data.data(), data.size(),
                                   static_cast<off_t>(size_));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      const int error = errno;
      store_->Release(data.size());
      return errors::FileSystemError("writing an upload failed", error);
    }
    size_ += static_cast<uint64_t>(written);
    const auto count = static_cast<size_t>(written);
    if (hash_.has_value()) hash_->Add(data.substr(0, count));
    data.remove_prefix(count);
  }
  return absl::OkStatus();
}

absl::StatusOr<UploadStore::Info> UploadStore::Writer::Commit() {
  if (fdatasync(file_.get()) != 0) {
    return errors::FileSystemError("storing an upload failed", errno);
  }
  Info info;
  info.id = id_;
  info.committed_bytes = size_;
  return info;
}

absl::Status UploadStore::Writer::CheckHash() {
  if (expected_hash_.empty()) return absl::OkStatus();
  std::string hash;
  if (hash_.has_value()) {
    hash = hash_->Finish();
    hash_.reset();
  } else {
    const absl::StatusOr<std::string> of_file = Sha256OfFile(file_.get());
    if (!of_file.ok()) {
      return errors::FileSystemError("reading an upload failed", EIO);
    }
    hash = *of_file;
  }
  if (hash == expected_hash_) return store_->copies_.Complete(id_, file_.get());
  RETURN_IF_ERROR(store_->Remove(id_, file_name_));
  return errors::UploadHashMismatch(UploadName(id_));
}

absl::StatusOr<UploadStore::Info> UploadStore::Writer::Finish() {
  ASSIGN_OR_RETURN(Info info, Commit());
  RETURN_IF_ERROR(CheckHash());
  const int root = store_->root();
  RETURN_IF_ERROR(MakeFolder(root, std::string(kUploadsFolder)));
  if (renameat(root, PartFolder(id_).c_str(), root,
               FinishedFolder(id_).c_str()) != 0) {
    return errors::FileSystemError("finishing an upload failed", errno);
  }
  info.path = absl::StrCat(FinishedFolder(id_), "/", file_name_);
  return info;
}

}  // namespace dissectd::server
