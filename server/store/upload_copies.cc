// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/upload_copies.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "core/base/hex.h"
#include "server/base/dir_ptr.h"
#include "server/base/errors.h"
#include "server/base/replica.h"
#include "server/base/resource_names.h"
#include "server/base/unique_fd.h"
#include "server/base/write_contents.h"
#include "server/metrics/events.h"
#include "server/store/file_store.h"
#include "server/store/quota_owner.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

constexpr char kNotesFolder[] = ".copies";
constexpr mode_t kFolderMode = 0755;
constexpr mode_t kFileMode = 0644;
// Far more than a note has.
constexpr size_t kMaxNoteBytes = 16384;

// A note has this signature, then the hash, the principal and the name of the
// file, in hexadecimal digits; of a complete upload also the size, the inode
// and the time of the last change of the file. Blanks separate them.
constexpr absl::string_view kSignature = "dissectd-upload-1";
constexpr size_t kPartsOfAll = 4;
constexpr size_t kPartsOfComplete = 8;

std::string NotePath(absl::string_view id) {
  return absl::StrCat(kNotesFolder, "/", id);
}

absl::Status WriteError(int error) {
  if (error == EACCES || error == EROFS) return errors::StoreReadOnly();
  return errors::FileSystemError("the note of an upload can't be written",
                                 error);
}

// Returns a text that differs for different keys: neither the hash, which has a
// fixed length, nor a file's name contains what separates the parts.
std::string TextOf(const UploadCopies::Key& key) {
  return absl::StrCat(key.sha256, key.file_name, "/", key.principal.id);
}

bool operator==(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

}  // namespace

std::string UploadCopies::PathOf(const std::string& id, const Copy& copy) {
  return absl::StrCat(kUploadsFolder, "/", id, "/", copy.key.file_name);
}

std::optional<UploadCopies::Identity> UploadCopies::IdentityOf(
    int folder, const char* path) {
  struct stat status;
  if (fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH) !=
          0 ||
      !S_ISREG(status.st_mode)) {
    return std::nullopt;
  }
  return Identity{static_cast<uint64_t>(status.st_size), status.st_ino,
                  status.st_ctim};
}

std::string UploadCopies::Encode(const Copy& copy) {
  std::string note =
      absl::StrCat(kSignature, " ", absl::BytesToHexString(copy.key.sha256),
                   " ", absl::BytesToHexString(copy.key.principal.id), " ",
                   absl::BytesToHexString(copy.key.file_name));
  if (copy.identity.has_value()) {
    absl::StrAppend(&note, " ", copy.identity->size, " ", copy.identity->inode,
                    " ", copy.identity->change_time.tv_sec, " ",
                    copy.identity->change_time.tv_nsec);
  }
  return note;
}

std::optional<UploadCopies::Copy> UploadCopies::Decode(
    const std::string& note) {
  const std::vector<std::string> parts = absl::StrSplit(note, ' ');
  if (parts.size() < kPartsOfAll || parts[0] != kSignature) return std::nullopt;
  Copy copy;
  std::string* const texts[] = {&copy.key.sha256, &copy.key.principal.id,
                                &copy.key.file_name};
  for (size_t i = 0; i < std::size(texts); ++i) {
    std::optional<std::string> bytes = BytesOfHex(parts[i + 1]);
    if (!bytes.has_value()) return std::nullopt;
    *texts[i] = *std::move(bytes);
  }
  if (parts.size() != kPartsOfComplete) return copy;
  Identity identity;
  if (!absl::SimpleAtoi(parts[4], &identity.size) ||
      !absl::SimpleAtoi(parts[5], &identity.inode) ||
      !absl::SimpleAtoi(parts[6], &identity.change_time.tv_sec) ||
      !absl::SimpleAtoi(parts[7], &identity.change_time.tv_nsec)) {
    return std::nullopt;
  }
  copy.identity = identity;
  return copy;
}

std::optional<UploadCopies::Copy> UploadCopies::Read(
    const std::string& id) const {
  const UniqueFd file(OpenBeneath(root_, NotePath(id), O_RDONLY | O_NONBLOCK));
  struct stat status;
  if (!file.valid() || fstat(file.get(), &status) != 0) return std::nullopt;
  std::string note(kMaxNoteBytes, '\0');
  const ssize_t count = read(file.get(), note.data(), note.size());
  if (count <= 0) return std::nullopt;
  note.resize(static_cast<size_t>(count));
  std::optional<Copy> copy = Decode(note);
  if (!copy.has_value()) return copy;
  const std::chrono::seconds age(
      std::max<time_t>(0, time(nullptr) - status.st_mtime));
  copy->last_use = Clock::now() - age;
  return copy;
}

absl::Status UploadCopies::Write(const std::string& id,
                                 const Copy& copy) const {
  if (mkdirat(root_, kNotesFolder, kFolderMode) != 0 && errno != EEXIST) {
    return WriteError(errno);
  }
  // A note is complete or isn't there.
  const std::string passing = NotePath(absl::StrCat(".", id));
  const std::string note = Encode(copy);
  const UniqueFd file(
      openat(root_, passing.c_str(),
             O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, kFileMode));
  if (!file.valid()) return WriteError(errno);
  int error = WriteContents(file.get(), note);
  if (error == 0 && fdatasync(file.get()) != 0) error = errno;
  if (error == 0 &&
      renameat(root_, passing.c_str(), root_, NotePath(id).c_str()) != 0) {
    error = errno;
  }
  if (error == 0) return absl::OkStatus();
  unlinkat(root_, passing.c_str(), 0);
  return WriteError(error);
}

bool UploadCopies::IsUnchanged(const std::string& id, const Copy& copy) const {
  const std::optional<Identity> now =
      IdentityOf(root_, PathOf(id, copy).c_str());
  return copy.identity.has_value() && now.has_value() &&
         now->size == copy.identity->size &&
         now->inode == copy.identity->inode &&
         now->change_time == copy.identity->change_time;
}

void UploadCopies::Load() {
  absl::MutexLock lock(&mutex_);
  copies_.clear();
  by_key_.clear();
  by_use_.clear();
  by_use_of_owner_.clear();
  const DirPtr entries =
      OpenDir(OpenBeneath(root_, kNotesFolder, O_RDONLY | O_DIRECTORY));
  if (entries == nullptr) return;
  while (const dirent* entry = readdir(entries.get())) {
    const std::string id = entry->d_name;
    if (id == "." || id == "..") continue;
    std::optional<Copy> copy;
    if (IsResourceId(id)) copy = Read(id);
    if (copy.has_value()) {
      copy->owner = QuotaOwnerOf(root_, PathOf(id, *copy));
      Add(id, *std::move(copy));
    } else {
      unlinkat(root_, NotePath(id).c_str(), 0);
    }
  }
}

void UploadCopies::Add(const std::string& id, Copy copy) {
  if (copy.identity.has_value()) {
    by_key_.emplace(TextOf(copy.key), id);
    by_use_.emplace(copy.last_use, id);
    by_use_of_owner_[copy.owner].emplace(copy.last_use, id);
  }
  copies_[id] = std::move(copy);
}

std::optional<UploadCopies::Copy> UploadCopies::Take(const std::string& id) {
  const auto found = copies_.find(id);
  if (found == copies_.end()) return std::nullopt;
  Copy copy = std::move(found->second);
  copies_.erase(found);
  by_key_.erase({TextOf(copy.key), id});
  by_use_.erase({copy.last_use, id});
  const auto of_owner = by_use_of_owner_.find(copy.owner);
  if (of_owner != by_use_of_owner_.end()) {
    of_owner->second.erase({copy.last_use, id});
    if (of_owner->second.empty()) by_use_of_owner_.erase(of_owner);
  }
  return copy;
}

absl::Status UploadCopies::Begin(const std::string& id, const Key& key,
                                 const std::string& owner) {
  Copy copy = {key, std::nullopt, Clock::now(), owner};
  const absl::Status status = Write(id, copy);
  if (!status.ok()) return status;
  absl::MutexLock lock(&mutex_);
  Add(id, std::move(copy));
  return absl::OkStatus();
}

std::string UploadCopies::HashOf(const std::string& id) const {
  absl::MutexLock lock(&mutex_);
  const auto found = copies_.find(id);
  return found == copies_.end() ? std::string() : found->second.key.sha256;
}

absl::Status UploadCopies::Complete(const std::string& id, int fd) {
  absl::MutexLock lock(&mutex_);
  const auto found = copies_.find(id);
  if (found == copies_.end()) return absl::OkStatus();
  Copy copy = found->second;
  copy.identity = IdentityOf(fd, "");
  copy.last_use = Clock::now();
  copy.owner = QuotaOwnerOf(fd);
  const absl::Status status = Write(id, copy);
  if (!status.ok()) return status;
  Take(id);
  Add(id, std::move(copy));
  return absl::OkStatus();
}

std::optional<std::string> UploadCopies::Find(const Key& key) {
  absl::MutexLock lock(&mutex_);
  const std::string text = TextOf(key);
  for (auto next = by_key_.lower_bound({text, std::string()});
       next != by_key_.end() && next->first == text; ++next) {
    const std::string id = next->second;
    if (!IsUnchanged(id, copies_.at(id))) continue;
    std::optional<Copy> copy = Take(id);
    copy->last_use = Clock::now();
    Add(id, *std::move(copy));
    // If this fails, the file may be deleted earlier after a restart.
    utimensat(root_, NotePath(id).c_str(), nullptr, AT_SYMLINK_NOFOLLOW);
    return id;
  }
  return std::nullopt;
}

std::optional<std::string> UploadCopies::LeastRecent(Clock::time_point time,
                                                     const std::string* owner) {
  absl::MutexLock lock(&mutex_);
  while (true) {
    const ByUse* by_use = &by_use_;
    if (owner != nullptr) {
      const auto of_owner = by_use_of_owner_.find(*owner);
      if (of_owner == by_use_of_owner_.end()) return std::nullopt;
      by_use = &of_owner->second;
    }
    if (by_use->empty() || by_use->begin()->first >= time) return std::nullopt;
    const std::string id = by_use->begin()->second;
    const Copy& copy = copies_.at(id);
    if (IsUnchanged(id, copy)) return PathOf(id, copy);
    // What somebody has changed is no copy any more.
    Delete(id);
  }
}

void UploadCopies::Forget(const std::string& id) {
  absl::MutexLock lock(&mutex_);
  Delete(id);
}

void UploadCopies::Delete(const std::string& id) {
  if (!Take(id).has_value()) return;
  if (unlinkat(root_, NotePath(id).c_str(), 0) != 0) {
    metrics::Count(metrics::Event::kUploadNoteNotDeleted);
    spdlog::warn("the note of the upload {} can't be deleted", id);
  }
}

}  // namespace dissectd::server
