// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/folder_names.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "server/base/dir_ptr.h"

namespace dissectd::server {
namespace {

// Reading fewer names takes no time worth saving.
constexpr size_t kMinKeptNames = 64;
constexpr size_t kMaxKeptBytes = size_t{64} << 20;
// File systems measure times in steps. A folder that was changed shortly before
// it was read could change again without another time.
constexpr time_t kMinAgeSeconds = 1;

bool operator==(const timespec& a, const timespec& b) {
  return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

// Returns whether a folder that has just been looked at has rested for long
// enough.
bool IsAtRest(const struct stat& status) {
  return status.st_mtim.tv_sec + kMinAgeSeconds < time(nullptr);
}

// Returns the type of an entry as in stat(2), or 0 if it has gone.
mode_t TypeOf(int folder, const dirent& entry) {
  if (entry.d_type == DT_DIR) return S_IFDIR;
  if (entry.d_type == DT_REG) return S_IFREG;
  struct stat status;
  if (entry.d_type != DT_UNKNOWN ||
      fstatat(folder, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
    return 0;
  }
  return status.st_mode & S_IFMT;
}

size_t MemoryOf(const FolderNames::Names& names) {
  size_t bytes = 0;
  for (const std::string& name : names) {
    bytes += sizeof(std::string) + name.capacity();
  }
  return bytes;
}

// Returns null with errno if the folder can't be read.
std::shared_ptr<FolderNames::Names> ReadAll(int folder) {
  // Reading changes a descriptor's position, so this needs a separate
  // descriptor.
  const DirPtr entries =
      OpenDir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (entries == nullptr) return nullptr;
  auto names = std::make_shared<FolderNames::Names>();
  while (const dirent* entry = readdir(entries.get())) {
    if (entry->d_name[0] == '.') continue;
    const mode_t type = TypeOf(folder, *entry);
    if (type == S_IFREG) {
      names->emplace_back(entry->d_name);
    } else if (type == S_IFDIR) {
      names->push_back(std::string(entry->d_name) + "/");
    }
  }
  std::sort(names->begin(), names->end());
  return names;
}

}  // namespace

std::shared_ptr<const FolderNames::Names> FolderNames::Read(int folder) {
  struct stat status;
  if (fstat(folder, &status) != 0) return nullptr;
  const Key key(status.st_dev, status.st_ino);
  std::shared_ptr<const Names> known = Find(key, status);
  if (known != nullptr) return known;
  const std::shared_ptr<Names> names = ReadAll(folder);
  if (names != nullptr && names->size() >= kMinKeptNames && IsAtRest(status)) {
    Keep(key, {status.st_mtim, status.st_ctim, names});
  }
  return names;
}

std::shared_ptr<const FolderNames::Names> FolderNames::Find(
    const Key& key, const struct stat& status) {
  absl::MutexLock lock(&mutex_);
  const auto found = kept_.find(key);
  if (found == kept_.end() || !(found->second.modify_time == status.st_mtim) ||
      !(found->second.change_time == status.st_ctim)) {
    return nullptr;
  }
  return found->second.names;
}

void FolderNames::Keep(const Key& key, Kept kept) {
  const size_t size = MemoryOf(*kept.names);
  if (size > kMaxKeptBytes) return;
  absl::MutexLock lock(&mutex_);
  const auto old = kept_.find(key);
  if (old != kept_.end()) {
    size_ -= MemoryOf(*old->second.names);
    kept_.erase(old);
  }
  if (size_ + size > kMaxKeptBytes) {
    kept_.clear();
    size_ = 0;
  }
  kept_[key] = std::move(kept);
  size_ += size;
}

}  // namespace dissectd::server
