// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/dumpcap/execute_permission.h"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/dumpcap/capture_capabilities.h"

namespace dissectd::server {
namespace {

// More than an entry of the databases of users and groups has.
constexpr size_t kEntryBytes = 16384;

// Returns the name of a group, or its number if it has no name.
std::string GroupName(gid_t id) {
  std::vector<char> buffer(kEntryBytes);
  group entry = {};
  group* found = nullptr;
  getgrgid_r(id, &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? absl::StrCat(id) : std::string(entry.gr_name);
}

// Returns the name of this process's user, or its number if it has no name.
std::string UserName() {
  std::vector<char> buffer(kEntryBytes);
  passwd entry = {};
  passwd* found = nullptr;
  getpwuid_r(geteuid(), &entry, buffer.data(), buffer.size(), &found);
  return found == nullptr ? absl::StrCat(geteuid())
                          : std::string(entry.pw_name);
}

bool IsMember(gid_t id) {
  if (getegid() == id) return true;
  const int count = getgroups(0, nullptr);
  std::vector<gid_t> groups(static_cast<size_t>(std::max(count, 0)));
  if (getgroups(count, groups.data()) < 0) return false;
  return std::find(groups.begin(), groups.end(), id) != groups.end();
}

}  // namespace

std::string WhyNotExecutable(const std::string& path) {
  if (access(path.c_str(), X_OK) == 0) {
    // The kernel executes no program whose capabilities it can't grant.
    return absl::StrCat(
        "the program has ",
        absl::StrJoin(MissingCaptureCapabilities(path), " and "),
        ", which the server's environment doesn't allow. Allow them: in a "
        "container, with --cap-add=NET_RAW --cap-add=NET_ADMIN; in a systemd "
        "unit, by AmbientCapabilities= and CapabilityBoundingSet=.");
  }
  struct stat file = {};
  const bool is_for_group = stat(path.c_str(), &file) == 0 &&
                            (file.st_mode & S_IXGRP) != 0 &&
                            (file.st_mode & S_IXOTH) == 0;
  if (is_for_group && !IsMember(file.st_gid)) {
    const std::string name = GroupName(file.st_gid);
    return absl::StrCat("only members of the group \"", name,
                        "\" may, and the daemon's user \"", UserName(),
                        "\" isn't one. Run: usermod --append --groups ", name,
                        " ", UserName(), "; then restart the daemon.");
  }
  return absl::StrCat(
      "its permissions, or those of its folder, don't allow it to the daemon's "
      "user \"",
      UserName(), "\". Change them, or name another program with --dumpcap.");
}

}  // namespace dissectd::server
