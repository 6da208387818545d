// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/private_folder.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/read_files.h"

namespace dissectd {
namespace {

constexpr char kPrefix[] = "dissectd-attachments.";
constexpr mode_t kOnlyThisUser = 0700;

std::string& MutableEngineFolder() {
  static auto& path = *new std::string();
  return path;
}

// The descriptor that keeps the engine's folder locked; -1 if there is none.
int g_engine_folder_lock = -1;

absl::Status Error(absl::string_view what) {
  return absl::InternalError(absl::StrCat("can't make a private folder: ", what,
                                          ": ", std::strerror(errno)));
}

bool IsInMemory(const std::string& folder) {
  struct statfs status = {};
  return statfs(folder.c_str(), &status) == 0 && status.f_type == TMPFS_MAGIC &&
         access(folder.c_str(), W_OK) == 0;
}

// Returns the folders where an engine's folder can be, the best one first.
std::vector<std::string> Parents() {
  std::vector<std::string> parents;
  const char* runtime = std::getenv("XDG_RUNTIME_DIR");
  for (const std::string& folder :
       {std::string("/dev/shm"),
        std::string(runtime == nullptr ? "" : runtime)}) {
    if (!folder.empty() && IsInMemory(folder)) parents.push_back(folder);
  }
  std::error_code error;
  const std::filesystem::path temporary =
      std::filesystem::temp_directory_path(error);
  if (!error) parents.push_back(temporary);
  return parents;
}

// Opens a folder of this user, and locks it until the descriptor and its copies
// are closed. Returns -1 if another process has it locked, or it has vanished.
int OpenLocked(const std::string& path) {
  const int fd =
      open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return -1;
  struct stat opened = {};
  struct stat named = {};
  if (fstat(fd, &opened) == 0 && opened.st_uid == geteuid() &&
      flock(fd, LOCK_EX | LOCK_NB) == 0 &&
      // Another engine may have removed it just before.
      lstat(path.c_str(), &named) == 0 && named.st_ino == opened.st_ino) {
    return fd;
  }
  close(fd);
  return -1;
}

void RemoveAll(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
}

}  // namespace

absl::Status CreateEngineFolder() {
  // Another engine that starts can take a new folder for one that is left, but
  // hardly several times.
  constexpr int kAttempts = 10;
  absl::Status status = absl::InternalError("there is no temporary folder");
  for (const std::string& parent : Parents()) {
    for (int i = 0; i < kAttempts; ++i) {
      std::string path = absl::StrCat(parent, "/", kPrefix, "XXXXXX");
      if (mkdtemp(path.data()) == nullptr) {
        status = Error(parent);
        break;
      }
      g_engine_folder_lock = OpenLocked(path);
      if (g_engine_folder_lock >= 0) {
        MutableEngineFolder() = std::move(path);
        return absl::OkStatus();
      }
      status = Error(path);
    }
  }
  return status;
}

void LeaveEngineFolder() {
  if (g_engine_folder_lock < 0) return;
  close(g_engine_folder_lock);
  g_engine_folder_lock = -1;
}

void RemoveEngineFolder() {
  if (EngineFolder().empty()) return;
  RemoveAll(EngineFolder());
  MutableEngineFolder().clear();
}

std::string EngineFolder() { return MutableEngineFolder(); }

void UseEngineFolder(std::string path) {
  MutableEngineFolder() = std::move(path);
}

absl::StatusOr<std::string> PrivateFolder() {
  if (EngineFolder().empty()) {
    return absl::InternalError("the engine has no private folder");
  }
  std::string path = absl::StrCat(EngineFolder(), "/", getpid());
  // Nobody else can make it.
  if (mkdir(path.c_str(), kOnlyThisUser) != 0 && errno != EEXIST) {
    return Error(path);
  }
  return path;
}

void RemovePrivateFolder(pid_t pid) {
  if (EngineFolder().empty()) return;
  RemoveAll(absl::StrCat(EngineFolder(), "/", pid));
}

void RemoveFoldersOfDeadEngines() {
  for (const std::string& parent : Parents()) {
    for (const std::filesystem::path& path : EntriesOf(parent)) {
      if (!absl::StartsWith(path.filename().string(), kPrefix)) continue;
      const int fd = OpenLocked(path);
      if (fd < 0) continue;
      RemoveAll(path);
      close(fd);
    }
  }
}

}  // namespace dissectd
