// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/personal_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

namespace dissectd::engine {
namespace {

constexpr uid_t kNobody = 65534;

// Returns whether the personal configuration is left out by a user whose HOME
// is a folder with these permissions; optionally with a folder as today's
// Wireshark has it, and one as older versions had it, which may not be read.
// Another process becomes that user, as root may read everything, and as the C
// library remembers HOME.
bool IsLeftOut(mode_t permissions, bool has_forbidden_older_folder = false) {
  // Others may not enter the folder that Bazel gives a test of root's.
  std::string home = "/tmp/dissectd-homeXXXXXX";
  EXPECT_NE(mkdtemp(home.data()), nullptr);
  const std::string older = home + "/.wireshark";
  const std::string configuration = home + "/.config";
  const std::string folder = configuration + "/wireshark";
  if (has_forbidden_older_folder) {
    EXPECT_EQ(mkdir(older.c_str(), 0), 0);
    EXPECT_EQ(mkdir(configuration.c_str(), 0755), 0);
    EXPECT_EQ(mkdir(folder.c_str(), 0755), 0);
  }
  EXPECT_EQ(chmod(home.c_str(), permissions), 0);
  const pid_t child = fork();
  if (child == 0) {
    unsetenv("WIRESHARK_CONFIG_DIR");
    unsetenv("XDG_CONFIG_HOME");
    setenv("HOME", home.c_str(), 1);
    if (geteuid() == 0 && setresuid(kNobody, kNobody, kNobody) != 0) _exit(2);
    LeaveOutUnreadableConfiguration();
    _exit(std::getenv("WIRESHARK_CONFIG_DIR") != nullptr ? 1 : 0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_LT(WEXITSTATUS(status), 2);
  for (const std::string& made : {folder, configuration, older, home}) {
    rmdir(made.c_str());
  }
  return WEXITSTATUS(status) == 1;
}

TEST(PersonalFolderTest, IsUsedIfItMayBeReadOrIsMissing) {
  EXPECT_FALSE(IsLeftOut(0755));
}

TEST(PersonalFolderTest, IsUsedIfTheOlderFolderMayNotBeRead) {
  EXPECT_FALSE(IsLeftOut(0755, true));
}

TEST(PersonalFolderTest, IsLeftOutIfItMayNotBeRead) {
  EXPECT_TRUE(IsLeftOut(0));
}

}  // namespace
}  // namespace dissectd::engine
