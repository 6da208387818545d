// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/upload_store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "server/base/dir_ptr.h"
#include "server/base/errors.h"
#include "server/base/replica.h"
#include "server/base/resource_names.h"
#include "server/store/quota_owner.h"
#include "server/store/store_errors.h"
#include "server/store/upload_folders.h"

namespace dissectd::server {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::hours kAbandonedAfter(24);
// How long a copy is kept for its client although the quota is used up.
constexpr std::chrono::seconds kNeededFor(60);
constexpr mode_t kFileMode = 0644;

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

}  // namespace

absl::StatusOr<std::unique_ptr<UploadStore>> UploadStore::Open(
    const FileStore* files, const Limits& limits) {
  // make_unique can't call the private constructor.
  std::unique_ptr<UploadStore> store(new UploadStore(files, limits));
  RETURN_IF_ERROR(store->Reload());
  return store;
}

absl::Status UploadStore::Reload() {
  quota_.Reset();
  LoadParts();
  RETURN_IF_ERROR(CountFinished());
  copies_.Load();
  DeleteExpired(steady_clock::now());
  return absl::OkStatus();
}

void UploadStore::LoadParts() {
  absl::MutexLock lock(&mutex_);
  parts_.clear();
  parts_of_owner_.clear();
  for (const std::string& id : NamesIn(root(), kPartsFolder)) {
    if (!IsResourceId(id)) continue;
    std::optional<Part> part = ReadPart(id);
    if (part.has_value()) {
      quota_.Count(part->owner, part->size);
      InsertPart(id, *std::move(part));
    } else {
      // The daemon died before it had created or after it had deleted the file.
      unlinkat(root(), PartFolder(id).c_str(), AT_REMOVEDIR);
    }
  }
}

std::optional<UploadStore::Part> UploadStore::ReadPart(
    const std::string& id) const {
  const absl::StatusOr<std::string> name = FileNameIn(PartFolder(id));
  if (!name.ok()) return std::nullopt;
  const UniqueFd file(OpenBeneath(
      root(), absl::StrCat(PartFolder(id), "/", *name), O_RDONLY | O_NONBLOCK));
  struct stat status;
  if (!file.valid() || fstat(file.get(), &status) != 0) return std::nullopt;
  Part part;
  part.file_name = *name;
  part.owner = QuotaOwnerOf(file.get());
  part.size = static_cast<uint64_t>(status.st_size);
  const std::chrono::seconds age(
      std::max<time_t>(0, time(nullptr) - status.st_mtime));
  part.last_change = steady_clock::now() - age;
  return part;
}

absl::Status UploadStore::CountFinished() {
  for (const absl::string_view folder : {kUploadsFolder, kExportsFolder}) {
    RETURN_IF_ERROR(files_->Visit(
        "", absl::StrCat(folder, "/"), [this](const FileStore::FileInfo& file) {
          quota_.Count(QuotaOwnerOf(root(), file.path), file.size_bytes);
          return true;
        }));
  }
  return absl::OkStatus();
}

void UploadStore::InsertPart(const std::string& id, Part part) {
  ++parts_of_owner_[part.owner];
  parts_[id] = std::move(part);
}

absl::Status UploadStore::AddPart(const std::string& id, Part part) {
  absl::MutexLock lock(&mutex_);
  if (parts_.size() >= limits_.unfinished) {
    return errors::TooManyUploads(limits_.unfinished);
  }
  const auto count = parts_of_owner_.find(part.owner);
  if (count != parts_of_owner_.end() &&
      count->second >= limits_.unfinished_per_owner) {
    return errors::TooManyUploadsOfCaller(limits_.unfinished_per_owner);
  }
  InsertPart(id, std::move(part));
  return absl::OkStatus();
}

void UploadStore::ErasePart(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  const auto part = parts_.find(id);
  if (part == parts_.end()) return;
  const auto count = parts_of_owner_.find(part->second.owner);
  if (--count->second == 0) parts_of_owner_.erase(count);
  parts_.erase(part);
}

void UploadStore::DeleteExpired(steady_clock::time_point now) {
  std::vector<std::string> expired;
  {
    absl::MutexLock lock(&mutex_);
    for (const auto& [id, part] : parts_) {
      if (part.writer == 0 && part.last_change + kAbandonedAfter < now) {
        expired.push_back(id);
      }
    }
  }
  // Fails for an upload that is being written, which is kept.
  for (const std::string& id : expired) Delete(id).IgnoreError();
  while (DeleteCopy(now - kAbandonedAfter, nullptr)) {
  }
}

bool UploadStore::DeleteCopy(steady_clock::time_point time,
                             const std::string* owner) {
  const std::optional<std::string> path = copies_.LeastRecent(time, owner);
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
    const std::string& sha256, const std::string& owner) {
  RETURN_IF_ERROR(CheckNewFileName(file_name, file_name));
  RETURN_IF_ERROR(files_->CheckThere());
  DeleteExpired(steady_clock::now());
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
  RETURN_IF_ERROR(Reserve(0, owner));
  RETURN_IF_ERROR(ReserveFile(owner));
  absl::StatusOr<Info> created = CreatePart(file_name, owner);
  if (!created.ok()) {
    ForgetFile(owner, 0);
    return created;
  }
  Info info = *std::move(created);
  if (sha256.empty()) return info;
  const absl::Status noted = copies_.Begin(info.id, key, owner);
  if (noted.ok()) return info;
  Delete(info.id).IgnoreError();
  return noted;
}

absl::StatusOr<UploadStore::Info> UploadStore::CreatePart(
    absl::string_view file_name, const std::string& owner) {
  Info info;
  info.id = NewResourceId();
  Part part;
  part.file_name = std::string(file_name);
  part.owner = owner;
  part.last_change = steady_clock::now();
  RETURN_IF_ERROR(AddPart(info.id, std::move(part)));
  const absl::Status created = CreateFile(info.id, file_name, owner);
  if (created.ok()) return info;
  ErasePart(info.id);
  return created;
}

absl::Status UploadStore::CreateFile(const std::string& id,
                                     absl::string_view file_name,
                                     const std::string& owner) const {
  const std::string folder = PartFolder(id);
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
  SetQuotaOwner(file.get(), owner);
  return absl::OkStatus();
}

absl::StatusOr<UploadStore::Info> UploadStore::Get(
    const std::string& id) const {
  RETURN_IF_ERROR(files_->CheckThere());
  Info info;
  info.id = id;
  {
    absl::MutexLock lock(&mutex_);
    const auto part = parts_.find(id);
    if (part != parts_.end()) {
      info.committed_bytes = part->second.size;
      return info;
    }
  }
  const absl::StatusOr<std::string> name = FileNameIn(FinishedFolder(id));
  if (!name.ok()) return errors::UploadNotFound(UploadName(id));
  info.path = absl::StrCat(FinishedFolder(id), "/", *name);
  info.committed_bytes = SizeOf(root(), info.path);
  return info;
}

absl::StatusOr<std::unique_ptr<UploadStore::Writer>> UploadStore::OpenWriter(
    const std::string& id) {
  RETURN_IF_ERROR(files_->CheckThere());
  Part part;
  {
    absl::MutexLock lock(&mutex_);
    const auto found = parts_.find(id);
    if (found == parts_.end()) return errors::UploadNotFound(UploadName(id));
    if (found->second.writer != 0) return errors::UploadBusy(UploadName(id));
    found->second.writer = ++last_ticket_;
    part = found->second;
  }
  const std::string hash = copies_.HashOf(id);
  UniqueFd file(OpenBeneath(root(),
                            absl::StrCat(PartFolder(id), "/", part.file_name),
                            hash.empty() ? O_WRONLY : O_RDWR));
  const bool opened = file.valid();
  // make_unique can't call the private constructor.
  std::unique_ptr<Writer> writer(new Writer(this, id, part.writer,
                                            part.file_name, part.owner,
                                            std::move(file), part.size, hash));
  if (opened) return writer;
  // Somebody else has deleted the file.
  quota_.Forget(part.owner, part.size);
  ErasePart(id);
  return errors::UploadNotFound(UploadName(id));
}

absl::Status UploadStore::Delete(const std::string& id) {
  ASSIGN_OR_RETURN(const std::unique_ptr<Writer> writer, OpenWriter(id));
  return Remove(*writer);
}

absl::Status UploadStore::Remove(const Writer& writer) {
  const std::string folder = PartFolder(writer.id_);
  if (unlinkat(root(), absl::StrCat(folder, "/", writer.file_name_).c_str(),
               0) != 0) {
    return errors::FileSystemError("an upload can't be deleted", errno);
  }
  quota_.Forget(writer.owner_, writer.size_);
  unlinkat(root(), folder.c_str(), AT_REMOVEDIR);
  copies_.Forget(writer.id_);
  ErasePart(writer.id_);
  return absl::OkStatus();
}

absl::Status UploadStore::DeleteFile(const std::string& path) {
  RETURN_IF_ERROR(files_->CheckThere());
  const std::string owner = QuotaOwnerOf(root(), path);
  ASSIGN_OR_RETURN(const uint64_t freed, files_->Delete(path));
  // The quota is that of uploads and exports.
  if (!IsUploaded(path)) return absl::OkStatus();
  quota_.Forget(owner, freed);
  const std::vector<std::string> parts = absl::StrSplit(path, '/');
  if (parts[0] == kUploadsFolder && parts.size() > 1) copies_.Forget(parts[1]);
  return absl::OkStatus();
}

bool UploadStore::MakeRoom(StoreQuota::Shortage shortage,
                           const std::string& owner) {
  return DeleteCopy(steady_clock::now() - kNeededFor,
                    shortage == StoreQuota::Shortage::kOfOwner ||
                            shortage == StoreQuota::Shortage::kFilesOfOwner
                        ? &owner
                        : nullptr);
}

absl::Status UploadStore::Reserve(uint64_t bytes, const std::string& owner) {
  while (true) {
    const StoreQuota::Shortage shortage = quota_.Reserve(owner, bytes);
    if (shortage == StoreQuota::Shortage::kNone) return absl::OkStatus();
    if (MakeRoom(shortage, owner)) continue;
    // Another call may have deleted it.
    return quota_.ErrorOf(quota_.Reserve(owner, bytes));
  }
}

absl::Status UploadStore::ReserveFile(const std::string& owner) {
  while (true) {
    const StoreQuota::Shortage shortage = quota_.ReserveFile(owner);
    if (shortage == StoreQuota::Shortage::kNone) return absl::OkStatus();
    if (!MakeRoom(shortage, owner)) return quota_.ErrorOf(shortage);
  }
}

void UploadStore::Release(uint64_t bytes, const std::string& owner) {
  quota_.Release(owner, bytes);
}

absl::StatusOr<std::shared_ptr<StoreQuota::Lease>> UploadStore::Lease(
    const std::string& owner, uint64_t expected, uint64_t most) {
  RETURN_IF_ERROR(Reserve(0, owner));
  expected =
      std::min({expected, most, limits_.quota.all, limits_.quota.per_owner});
  StoreQuota::Shortage shortage = quota_.Check(owner, expected);
  while (shortage != StoreQuota::Shortage::kNone && MakeRoom(shortage, owner)) {
    shortage = quota_.Check(owner, expected);
  }
  std::shared_ptr<StoreQuota::Lease> lease =
      quota_.LeaseFor(owner, expected, most);
  if (lease != nullptr) return lease;
  // Others may have taken the rest meanwhile.
  return quota_.ErrorOf(shortage == StoreQuota::Shortage::kNone
                            ? StoreQuota::Shortage::kOfAll
                            : shortage);
}

uint64_t UploadStore::FreeBytes(const std::string& owner) {
  return quota_.FreeFor(owner);
}

bool UploadStore::NoteSize(const Writer& writer) {
  absl::MutexLock lock(&mutex_);
  const auto part = parts_.find(writer.id_);
  if (part == parts_.end() || part->second.writer != writer.ticket_) {
    return false;
  }
  part->second.size = writer.size_;
  part->second.last_change = steady_clock::now();
  return true;
}

void UploadStore::EndWriting(const Writer& writer) {
  absl::MutexLock lock(&mutex_);
  const auto part = parts_.find(writer.id_);
  if (part == parts_.end() || part->second.writer != writer.ticket_) return;
  part->second.writer = 0;
}

}  // namespace dissectd::server
