// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/private_folder.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace dissectd {
namespace {

namespace fs = std::filesystem;

// Runs `act` in a process that then waits to be killed, and returns its id.
template <typename Act>
pid_t StartProcess(Act act) {
  int ready[2];
  EXPECT_EQ(pipe(ready), 0);
  const pid_t pid = fork();
  if (pid == 0) {
    act();
    if (write(ready[1], "x", 1) != 1) _exit(1);
    while (true) pause();
  }
  char byte = 0;
  EXPECT_EQ(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  close(ready[1]);
  return pid;
}

void Kill(pid_t pid) {
  kill(pid, SIGKILL);
  waitpid(pid, nullptr, 0);
}

TEST(PrivateFolderTest, OnlyThisUserCanEnter) {
  ASSERT_TRUE(CreateEngineFolder().ok());
  const auto folder = PrivateFolder();
  ASSERT_TRUE(folder.ok()) << folder.status();
  for (const std::string& path : {EngineFolder(), *folder}) {
    struct stat status = {};
    ASSERT_EQ(stat(path.c_str(), &status), 0) << path;
    EXPECT_EQ(status.st_mode & 07777, 0700u) << path;
    EXPECT_EQ(status.st_uid, geteuid());
  }
  // A process has only one.
  EXPECT_EQ(*PrivateFolder(), *folder);
  std::ofstream(*folder + "/file") << "x";
  RemovePrivateFolder(getpid());
  EXPECT_FALSE(fs::exists(*folder));
  const std::string engine_folder = EngineFolder();
  EXPECT_TRUE(fs::exists(engine_folder));
  RemoveEngineFolder();
  EXPECT_FALSE(fs::exists(engine_folder));
  EXPECT_FALSE(PrivateFolder().ok());
}

// Returns whether this process has a descriptor of a folder.
bool HasOpen(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    std::error_code error;
    if (fs::read_symlink(entry.path(), error) == folder) return true;
  }
  return false;
}

TEST(PrivateFolderTest, AForkCanLeaveTheEnginesFolder) {
  ASSERT_TRUE(CreateEngineFolder().ok());
  const std::string folder = EngineFolder();
  EXPECT_TRUE(HasOpen(folder));
  const pid_t worker = StartProcess([&] {
    LeaveEngineFolder();
    if (HasOpen(folder)) _exit(1);
    RemoveFoldersOfDeadEngines();
    std::ofstream(*PrivateFolder() + "/file") << "x";
  });
  EXPECT_TRUE(fs::exists(folder + "/" + std::to_string(worker) + "/file"));
  Kill(worker);
  RemoveFoldersOfDeadEngines();
  EXPECT_TRUE(fs::exists(folder));
  RemoveEngineFolder();
}

TEST(PrivateFolderTest, OnlyThoseOfDeadEnginesAreLeft) {
  ASSERT_TRUE(CreateEngineFolder().ok());
  const std::string folder = EngineFolder();
  // The engine has died, but a worker still uses its folder.
  const pid_t worker = StartProcess([&] {
    RemoveFoldersOfDeadEngines();
    std::ofstream(*PrivateFolder() + "/file") << "x";
  });
  EXPECT_TRUE(fs::exists(folder + "/" + std::to_string(worker) + "/file"));
  // Another engine starts, and is killed.
  const fs::path note = fs::path(::testing::TempDir()) / "folder-of-another";
  const pid_t another = StartProcess([&] {
    RemoveFoldersOfDeadEngines();
    if (CreateEngineFolder().ok()) std::ofstream(note) << EngineFolder();
  });
  std::string of_another;
  std::ifstream(note) >> of_another;
  EXPECT_TRUE(fs::exists(of_another));
  EXPECT_NE(of_another, folder);
  RemoveFoldersOfDeadEngines();
  EXPECT_TRUE(fs::exists(of_another));
  EXPECT_TRUE(fs::exists(folder));
  Kill(another);
  RemoveFoldersOfDeadEngines();
  EXPECT_FALSE(fs::exists(of_another));
  EXPECT_TRUE(fs::exists(folder));
  Kill(worker);
  RemoveEngineFolder();
}

}  // namespace
}  // namespace dissectd
