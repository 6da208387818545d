// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/listening_socket.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "server/transport/listen_address.h"

namespace dissectd::server {
namespace {

ListenAddress Resolved(const std::string& text) {
  absl::StatusOr<ListenAddress> address = ResolveListenAddress(text);
  EXPECT_TRUE(address.ok()) << address.status();
  return *std::move(address);
}

// TEST_TMPDIR may be too long for the path of a socket.
std::string PathFor(const std::string& name) {
  return "/tmp/dissectd-" + name + "-test-" + std::to_string(getpid());
}

TEST(ListeningSocketTest, KnowsWhichAddressesAreLocal) {
  for (const char* local :
       {"localhost:1", "127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "unix:/a"}) {
    EXPECT_TRUE(IsLocal(Resolved(local))) << local;
  }
  for (const char* reachable :
       {"0.0.0.0:1", "[::]:1", "192.0.2.1:1", "[2001:db8::1]:1"}) {
    EXPECT_FALSE(IsLocal(Resolved(reachable))) << reachable;
  }
}

TEST(ListeningSocketTest, AllAddressesOfAHostHaveTheSamePort) {
  const auto sockets = ListeningSocket::Open(Resolved("localhost:0"));
  ASSERT_TRUE(sockets.ok()) << sockets.status();
  const int port = sockets->front().Port();
  EXPECT_GT(port, 0);
  for (const ListeningSocket& socket : *sockets) {
    EXPECT_EQ(socket.Port(), port);
    EXPECT_FALSE(socket.is_unix());
  }
  const ListenAddress same = Resolved("127.0.0.1:" + std::to_string(port));
  EXPECT_EQ(ListeningSocket::Open(same).status().message(),
            "can't listen on " + same.text + ": Address already in use");
}

TEST(ListeningSocketTest, DeletesOnlyItsOwnFile) {
  const std::string path = PathFor("socket");
  const ListenAddress address = Resolved("unix:" + path);
  EXPECT_TRUE(CheckSocketUnused(address).ok());
  {
    auto first = ListeningSocket::Open(address);
    ASSERT_TRUE(first.ok()) << first.status();
    EXPECT_TRUE(absl::IsAlreadyExists(CheckSocketUnused(address)));
    const auto second = ListeningSocket::Open(address);
    ASSERT_TRUE(second.ok()) << second.status();
    first->clear();
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ListeningSocketTest, TheModeOfAFileDoesNotDependOnTheUmask) {
  const std::string path = PathFor("mode");
  for (const mode_t mask : {0, 0027, 0077, 0777}) {
    for (const mode_t mode : {0600, 0660, 0666}) {
      ListenAddress address = Resolved("unix:" + path);
      address.mode = mode;
      const mode_t before = umask(mask);
      const auto sockets = ListeningSocket::Open(address);
      umask(before);
      ASSERT_TRUE(sockets.ok()) << sockets.status();
      struct stat file = {};
      ASSERT_EQ(stat(path.c_str(), &file), 0);
      EXPECT_EQ(file.st_mode & 07777, mode) << mask;
    }
  }
}

TEST(ListeningSocketTest, ReplacesNoFilesOfOtherKinds) {
  const std::string path = PathFor("folder");
  std::filesystem::create_directory(path);
  EXPECT_FALSE(ListeningSocket::Open(Resolved("unix:" + path)).ok());
  EXPECT_TRUE(std::filesystem::remove(path));
}

}  // namespace
}  // namespace dissectd::server
