// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/process/daemon_user.h"

#include <grp.h>
#include <gtest/gtest.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <string>

namespace dissectd::server {
namespace {

constexpr char kUser[] = "nobody";

// Returns whether something is true in a process that has become a user.
bool IsTrueAsUser(const std::function<bool()>& condition) {
  const pid_t pid = fork();
  if (pid == 0) _exit(BecomeUser(kUser).ok() && condition() ? 0 : 1);
  int status = 0;
  EXPECT_EQ(waitpid(pid, &status, 0), pid);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool HasLine(const std::string& wanted) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line == wanted) return true;
  }
  return false;
}

TEST(DaemonUserTest, RootBecomesTheUserForGood) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root";
  const passwd user = *getpwnam(kUser);
  EXPECT_TRUE(IsTrueAsUser([&] {
    uid_t real = 0;
    uid_t effective = 0;
    uid_t saved = 0;
    getresuid(&real, &effective, &saved);
    return real == user.pw_uid && effective == user.pw_uid &&
           saved == user.pw_uid && getegid() == user.pw_gid;
  }));
  EXPECT_TRUE(IsTrueAsUser([] { return setuid(0) != 0 && setgid(0) != 0; }));
  EXPECT_TRUE(IsTrueAsUser([&] {
    gid_t groups[64];
    const int count = getgroups(64, groups);
    for (int i = 0; i < count; ++i) {
      if (groups[i] == 0) return false;
    }
    return std::string(std::getenv("HOME")) == user.pw_dir;
  }));
  EXPECT_TRUE(IsTrueAsUser([] {
    return HasLine("CapEff:\t0000000000000000") &&
           HasLine("CapPrm:\t0000000000000000");
  }));
}

TEST(DaemonUserTest, RefusesUsersThatItCannotBecome) {
  EXPECT_FALSE(BecomeUser("no such user").ok());
  if (geteuid() != 0) {
    EXPECT_FALSE(BecomeUser("root").ok());
  } else {
    EXPECT_TRUE(BecomeUser("root").ok());
  }
}

}  // namespace
}  // namespace dissectd::server
