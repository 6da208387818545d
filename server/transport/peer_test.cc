// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/peer.h"

#include <gtest/gtest.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/base/unique_fd.h"

namespace dissectd::server {
namespace {

// Returns what a process in a user namespace without any numbers says, as its
// exit status.
int AskInNamespace(int (*ask)()) {
  constexpr int kNoNamespace = 99;
  const pid_t child = fork();
  if (child == 0) _exit(unshare(CLONE_NEWUSER) == 0 ? ask() : kNoNamespace);
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// Returns 1 if the user of the other end of a socket is known, 0 if it isn't.
int KnowsUser() {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) return -1;
  const UniqueFd first(ends[0]);
  const UniqueFd second(ends[1]);
  const std::optional<Peer> peer = PeerOf(first.get());
  if (!peer.has_value()) return -1;
  return peer->user.has_value() ? 1 : 0;
}

TEST(PeerTest, TheUserOfASocketIsKnown) { EXPECT_EQ(KnowsUser(), 1); }

TEST(PeerTest, UsersWithoutANumberAreNotOneUser) {
  const int sees_all = AskInNamespace([] { return SeesAllUsers() ? 1 : 0; });
  if (sees_all > 1) GTEST_SKIP() << "the kernel allows no user namespace";
  EXPECT_EQ(sees_all, 0);
  EXPECT_EQ(AskInNamespace(KnowsUser), 0);
}

}  // namespace
}  // namespace dissectd::server
