// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/named_path.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace dissectd {
namespace {

std::string FolderOf(pid_t process) {
  return absl::StrCat("/tmp/dissectd-capture-", process);
}

}  // namespace

NamedPath::NamedPath(int fd, const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) return;
  const std::string folder = FolderOf(getpid());
  // A folder of somebody else's is not used, whatever is in it.
  if (mkdir(folder.c_str(), 0700) != 0) return;
  const std::string link = absl::StrCat(folder, "/", name);
  const std::string target = absl::StrCat("/proc/self/fd/", fd);
  if (symlink(target.c_str(), link.c_str()) == 0) {
    link_ = link;
  } else {
    rmdir(folder.c_str());
  }
}

NamedPath::~NamedPath() {
  if (link_.empty()) return;
  unlink(link_.c_str());
  rmdir(FolderOf(getpid()).c_str());
}

void RemoveNamedPathOf(pid_t process) {
  const std::string folder = FolderOf(process);
  struct stat status;
  if (lstat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode) ||
      status.st_uid != geteuid()) {
    return;
  }
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace dissectd
