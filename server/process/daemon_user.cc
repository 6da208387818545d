// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/daemon_user.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace dissectd::server {
namespace {

// Variables of the environment that name folders of the former user.
constexpr const char* kFolders[] = {"XDG_CONFIG_HOME", "XDG_CACHE_HOME",
                                    "XDG_DATA_HOME", "XDG_RUNTIME_DIR",
                                    "WIRESHARK_CONFIG_DIR"};

void UseEnvironmentOf(const passwd& user) {
  for (const char* variable : kFolders) unsetenv(variable);
  setenv("HOME", user.pw_dir, 1);
  setenv("USER", user.pw_name, 1);
  setenv("LOGNAME", user.pw_name, 1);
}

}  // namespace

absl::Status BecomeUser(const std::string& name) {
  const passwd* user = getpwnam(name.c_str());
  if (user == nullptr) {
    return absl::NotFoundError(absl::StrCat("there is no user \"", name, "\""));
  }
  if (user->pw_uid == geteuid()) return absl::OkStatus();
  if (geteuid() != 0) {
    return absl::PermissionDeniedError(
        absl::StrCat("only root can become the user \"", name, "\""));
  }
  // Changing the user takes the capabilities away as well.
  if (initgroups(user->pw_name, user->pw_gid) != 0 ||
      setresgid(user->pw_gid, user->pw_gid, user->pw_gid) != 0 ||
      setresuid(user->pw_uid, user->pw_uid, user->pw_uid) != 0) {
    return absl::ErrnoToStatus(
        errno, absl::StrCat("can't become the user \"", name, "\""));
  }
  UseEnvironmentOf(*user);
  return absl::OkStatus();
}

}  // namespace dissectd::server
