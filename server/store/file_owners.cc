// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/file_owners.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "core/base/status_macros.h"
#include "server/base/dir_ptr.h"
#include "server/base/errors.h"
#include "server/base/random_id.h"
#include "server/base/replica.h"
#include "server/base/resource_names.h"
#include "server/base/unique_fd.h"
#include "server/base/write_contents.h"
#include "server/metrics/events.h"
#include "server/store/file_store.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

using Json = nlohmann::json;

constexpr char kFolder[] = ".owners";
// Unfinished uploads; UploadStore has the folder.
constexpr char kPartsFolder[] = ".uploads";
constexpr mode_t kFolderMode = 0700;
constexpr mode_t kFileMode = 0600;
// How many notes are looked at whenever one is written: more than one, so that
// notes of deleted uploads don't pile up.
constexpr int kLooksPerNote = 8;
// Longer than any note.
constexpr size_t kMaxNoteBytes = 1 << 20;

std::string NotePath(absl::string_view key) {
  return absl::StrCat(kFolder, "/", key);
}

absl::Status NoteError(int error) {
  if (error == EACCES || error == EROFS) return errors::StoreReadOnly();
  return errors::FileSystemError("the owner of a file can't be noted", error);
}

std::string Encode(const FileOwners::Ownership& ownership) {
  const Json json = {{"owner", ownership.owner},
                     {"readers", ownership.readers}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<FileOwners::Ownership> Decode(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  const auto owner = json.find("owner");
  const auto readers = json.find("readers");
  if (owner == json.end() || !owner->is_string() || readers == json.end() ||
      !readers->is_array()) {
    return std::nullopt;
  }
  FileOwners::Ownership ownership;
  ownership.owner = owner->get<std::string>();
  for (const Json& reader : *readers) {
    if (!reader.is_string()) return std::nullopt;
    ownership.readers.push_back(reader.get<std::string>());
  }
  return ownership;
}

std::string ReadAll(int root, const std::string& path) {
  const UniqueFd file(OpenBeneath(root, path, O_RDONLY | O_NONBLOCK));
  std::string text;
  char part[4096];
  while (file.valid() && text.size() <= kMaxNoteBytes) {
    const ssize_t count = read(file.get(), part, sizeof(part));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text.append(part, static_cast<size_t>(count));
  }
  return text;
}

// Returns the folder of the notes of a kind, which is made if it is missing;
// invalid on failure, with errno set.
UniqueFd OpenKind(int root, const std::string& kind) {
  const std::string path = NotePath(kind);
  for (const std::string& folder : {std::string(kFolder), path}) {
    if (mkdirat(root, folder.c_str(), kFolderMode) != 0 && errno != EEXIST) {
      return UniqueFd();
    }
  }
  return UniqueFd(OpenBeneath(root, path, O_RDONLY | O_DIRECTORY));
}

// Replaces a file in the folder, so that after a crash of the machine it is
// either the earlier one or the new one. Returns the error number; 0 if there
// is none.
int ReplaceFile(int folder, const std::string& name, absl::string_view text) {
  const std::string passing = absl::StrCat(".", NewRandomId());
  const UniqueFd file(openat(folder, passing.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
                             kFileMode));
  if (!file.valid()) return errno;
  int error = WriteContents(file.get(), text);
  if (error == 0 &&
      (fsync(file.get()) != 0 ||
       renameat(folder, passing.c_str(), folder, name.c_str()) != 0 ||
       fsync(folder) != 0)) {
    error = errno;
  }
  if (error == 0) return 0;
  unlinkat(folder, passing.c_str(), 0);
  return error;
}

// Returns `KIND` and `NAME` of the key `KIND/NAME`.
std::pair<std::string, std::string> SplitKey(const std::string& key) {
  return absl::StrSplit(key, absl::MaxSplits('/', 1));
}

}  // namespace

FileOwners::FileOwners(int root) : root_(root) {
  const absl::MutexLock lock(&mutex_);
  Load();
}

std::string FileOwners::UploadKey(absl::string_view id) {
  return absl::StrCat(kUploadsFolder, "/", id);
}

std::string FileOwners::CaptureKey(absl::string_view id) {
  return absl::StrCat(kCapturesFolder, "/", id);
}

// The kernel gives the number of a deleted file to another, but not with the
// same time of birth.
absl::StatusOr<std::string> FileOwners::ExportKey(int fd) {
  struct statx status = {};
  if (statx(fd, "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &status) != 0) {
    return errors::FileSystemError("the owner of a file can't be found", errno);
  }
  return absl::StrCat(kExportsFolder, "/", status.stx_ino, "-",
                      status.stx_btime.tv_sec, "-", status.stx_btime.tv_nsec);
}

std::optional<std::string> FileOwners::KeyOf(const std::string& path,
                                             int fd) const {
  const std::vector<absl::string_view> parts = absl::StrSplit(path, '/');
  if (parts.size() < 2) return std::nullopt;
  if ((parts[0] == kUploadsFolder || parts[0] == kCapturesFolder) &&
      IsResourceId(parts[1])) {
    return absl::StrCat(parts[0], "/", parts[1]);
  }
  if (parts[0] != kExportsFolder || parts.size() != 2) return std::nullopt;
  UniqueFd file;
  if (fd < 0) {
    file = UniqueFd(OpenBeneath(root_, path, O_PATH | O_NOFOLLOW));
    if (!file.valid()) return std::nullopt;
    fd = file.get();
  }
  absl::StatusOr<std::string> key = ExportKey(fd);
  if (!key.ok()) return std::nullopt;
  return *std::move(key);
}

std::optional<FileOwners::Ownership> FileOwners::Find(
    const std::string& key) const {
  const absl::MutexLock lock(&mutex_);
  const auto found = notes_.find(key);
  if (found == notes_.end()) return std::nullopt;
  return found->second;
}

std::vector<std::string> FileOwners::NamesFor(const Principal& principal,
                                              absl::string_view kind) const {
  std::vector<std::string> holders = {principal.id, "*"};
  for (const std::string& group : principal.groups) {
    holders.push_back(absl::StrCat("group:", group));
  }
  const std::string prefix = absl::StrCat(kind, "/");
  std::set<std::string> names;
  const absl::MutexLock lock(&mutex_);
  for (const std::string& holder : holders) {
    const auto keys = keys_by_name_.find(holder);
    if (keys == keys_by_name_.end()) continue;
    for (auto key = keys->second.lower_bound(prefix);
         key != keys->second.end() && absl::StartsWith(*key, prefix); ++key) {
      const auto name = export_names_by_key_.find(*key);
      names.insert(name == export_names_by_key_.end()
                       ? key->substr(prefix.size())
                       : name->second);
    }
  }
  return {names.begin(), names.end()};
}

std::optional<FileOwners::Ownership> FileOwners::FindFile(
    const std::string& path, int fd) const {
  const std::optional<std::string> key = KeyOf(path, fd);
  return key.has_value() ? Find(*key) : std::nullopt;
}

absl::Status FileOwners::Set(const std::string& key,
                             const Ownership& ownership) {
  const auto [kind, name] = SplitKey(key);
  const absl::MutexLock disk_lock(&disk_mutex_);
  const UniqueFd folder = OpenKind(root_, kind);
  if (!folder.valid()) return NoteError(errno);
  const int error = ReplaceFile(folder.get(), name, Encode(ownership));
  if (error != 0) return NoteError(error);
  {
    const absl::MutexLock lock(&mutex_);
    Put(key, ownership);
  }
  ForgetExpired();
  return absl::OkStatus();
}

absl::Status FileOwners::SetExport(const std::string& key,
                                   const std::string& name,
                                   const Ownership& ownership) {
  RETURN_IF_ERROR(Set(key, ownership));
  const absl::MutexLock lock(&mutex_);
  export_names_by_key_[key] = name;
  return absl::OkStatus();
}

void FileOwners::Remember(const std::string& key, const std::string& owner) {
  const absl::MutexLock lock(&mutex_);
  Ownership ownership = notes_[key];
  ownership.owner = owner;
  Put(key, std::move(ownership));
}

absl::Status FileOwners::Keep(const std::string& key) {
  const std::optional<Ownership> ownership = Find(key);
  return ownership.has_value() ? Set(key, *ownership) : absl::OkStatus();
}

void FileOwners::Forget(const std::string& key) {
  const absl::MutexLock disk_lock(&disk_mutex_);
  unlinkat(root_, NotePath(key).c_str(), 0);
  const absl::MutexLock lock(&mutex_);
  Erase(key);
  export_names_by_key_.erase(key);
}

void FileOwners::Put(const std::string& key, Ownership ownership) {
  Erase(key);
  keys_by_name_[ownership.owner].insert(key);
  for (const std::string& reader : ownership.readers) {
    keys_by_name_[reader].insert(key);
  }
  notes_[key] = std::move(ownership);
}

void FileOwners::Erase(const std::string& key) {
  const auto note = notes_.find(key);
  if (note == notes_.end()) return;
  std::vector<std::string> names = std::move(note->second.readers);
  names.push_back(std::move(note->second.owner));
  for (const std::string& name : names) {
    const auto keys = keys_by_name_.find(name);
    // A reader may be named twice.
    if (keys == keys_by_name_.end()) continue;
    keys->second.erase(key);
    if (keys->second.empty()) keys_by_name_.erase(keys);
  }
  notes_.erase(note);
}

void FileOwners::Load() {
  for (const absl::string_view kind :
       {kUploadsFolder, kExportsFolder, kCapturesFolder}) {
    LoadKind(std::string(kind));
  }
}

std::map<std::string, std::string> FileOwners::NamesOfExports() const {
  std::map<std::string, std::string> names;
  const std::string folder(kExportsFolder);
  const DirPtr files =
      OpenDir(OpenBeneath(root_, folder, O_RDONLY | O_DIRECTORY));
  if (files == nullptr) return names;
  while (const dirent* file = readdir(files.get())) {
    const std::optional<std::string> key =
        KeyOf(absl::StrCat(folder, "/", file->d_name));
    if (key.has_value()) names[*key] = file->d_name;
  }
  return names;
}

void FileOwners::LoadKind(const std::string& kind) {
  const DirPtr entries =
      OpenDir(OpenBeneath(root_, NotePath(kind), O_RDONLY | O_DIRECTORY));
  if (entries == nullptr) return;
  if (kind == kExportsFolder) export_names_by_key_ = NamesOfExports();
  while (const dirent* entry = readdir(entries.get())) {
    const std::string name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string key = absl::StrCat(kind, "/", name);
    const bool exists = kind == kExportsFolder
                            ? export_names_by_key_.count(key) != 0
                            : Exists(key);
    if (name[0] != '.' && exists) {
      LoadNote(key);
    } else {
      unlinkat(dirfd(entries.get()), name.c_str(), 0);
    }
  }
}

void FileOwners::LoadNote(const std::string& key) {
  std::optional<Ownership> note = Decode(ReadAll(root_, NotePath(key)));
  if (note.has_value()) {
    Put(key, *std::move(note));
  } else {
    metrics::Count(metrics::Event::kOwnerNoteDamaged);
    spdlog::warn("the note about the owner of {} is damaged", key);
  }
}

void FileOwners::ForgetExpired() {
  for (int i = 0; i < kLooksPerNote; ++i) {
    {
      const absl::MutexLock lock(&mutex_);
      const auto next = notes_.upper_bound(std::max(looked_at_, UploadKey("")));
      const bool is_upload =
          next != notes_.end() && absl::StartsWith(next->first, UploadKey(""));
      looked_at_ = is_upload ? next->first : "";
    }
    if (looked_at_.empty()) return;
    // The file system isn't asked while the mutex is held.
    if (Exists(looked_at_)) continue;
    unlinkat(root_, NotePath(looked_at_).c_str(), 0);
    const absl::MutexLock lock(&mutex_);
    Erase(looked_at_);
  }
}

bool FileOwners::Exists(const std::string& key) const {
  const auto [kind, name] = SplitKey(key);
  const auto is_there = [this](const std::string& path) {
    return faccessat(root_, path.c_str(), F_OK, AT_SYMLINK_NOFOLLOW) == 0;
  };
  // An upload that is being finished moves from the first place to the second.
  return (kind == kUploadsFolder &&
          is_there(absl::StrCat(kPartsFolder, "/", name))) ||
         is_there(key);
}

}  // namespace dissectd::server
