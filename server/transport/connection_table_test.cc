// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/connection_table.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <utility>

#include "server/base/unique_fd.h"
#include "server/transport/peer.h"

namespace dissectd::server {
namespace {

struct Pair {
  UniqueFd own;
  UniqueFd client;
};

Pair Connected() {
  int fds[2] = {-1, -1};
  EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

std::string NameOf(const UniqueFd& fd) {
  return "fd:" + std::to_string(fd.get());
}

Peer PeerNamed(const UniqueFd& fd, const std::string& share, uint32_t user) {
  return {NameOf(fd), share, user};
}

TEST(ConnectionTableTest, TheKernelKnowsTheUserOfAUnixSocket) {
  const Pair pair = Connected();
  const std::optional<Peer> peer = PeerOf(pair.own.get());
  ASSERT_TRUE(peer.has_value());
  EXPECT_EQ(peer->user, geteuid());
  EXPECT_EQ(peer->name, NameOf(pair.own));
  EXPECT_EQ(peer->share, "unix:" + std::to_string(geteuid()));
}

TEST(ConnectionTableTest, AClosedConnectionHasNoUser) {
  ConnectionTable table({10, 10, 100});
  Pair pair = Connected();
  const std::string name = NameOf(pair.own);
  ASSERT_TRUE(table.Add(pair.own.get(), PeerNamed(pair.own, "a", 1000)));
  EXPECT_EQ(table.UserOf(name), 1000u);
  EXPECT_EQ(table.UserOf("fd:"), std::nullopt);
  EXPECT_EQ(table.UserOf("unix:"), std::nullopt);
  pair.own.reset();
  EXPECT_EQ(table.UserOf(name), std::nullopt);
}

TEST(ConnectionTableTest, AReusedDescriptorIsAnotherConnection) {
  ConnectionTable table({10, 10, 100});
  Pair first = Connected();
  const Pair second = Connected();
  const int number = first.own.get();
  ASSERT_TRUE(table.Add(number, PeerNamed(first.own, "a", 1000)));
  first.own.reset();
  const UniqueFd reused(fcntl(second.own.get(), F_DUPFD_CLOEXEC, number));
  ASSERT_EQ(reused.get(), number);
  // What isn't in the table may be any file.
  EXPECT_EQ(table.UserOf(NameOf(reused)), std::nullopt);
  ASSERT_TRUE(table.Add(number, PeerNamed(reused, "b", 1001)));
  EXPECT_EQ(table.UserOf(NameOf(reused)), 1001u);
  EXPECT_EQ(table.CountOpen(), 1u);
}

TEST(ConnectionTableTest, HasLimitsForAllAndForEachPeer) {
  ConnectionTable table({3, 2, 100});
  Pair pairs[] = {Connected(), Connected(), Connected(), Connected()};
  const auto add = [&](const Pair& pair, const char* share) {
    return table.Add(pair.own.get(), PeerNamed(pair.own, share, 0));
  };
  EXPECT_TRUE(add(pairs[0], "a"));
  EXPECT_TRUE(add(pairs[1], "a"));
  EXPECT_FALSE(add(pairs[2], "a"));
  EXPECT_TRUE(add(pairs[2], "b"));
  EXPECT_FALSE(add(pairs[3], "c"));
  table.Remove(pairs[0].own.get());
  EXPECT_TRUE(add(pairs[3], "a"));
  pairs[1].own.reset();
  EXPECT_EQ(table.CountOpen(), 2u);
  EXPECT_TRUE(add(pairs[0], "a"));
}

TEST(ConnectionTableTest, EndsAConnectionWithTooManyCallsInASecond) {
  ConnectionTable table({10, 10, 2});
  const Pair pair = Connected();
  const std::string name = NameOf(pair.own);
  ASSERT_TRUE(table.Add(pair.own.get(), PeerNamed(pair.own, "a", 1000)));
  ConnectionTable::Clock::time_point now;
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(table.CountCall(name, 2, now));
    EXPECT_TRUE(table.CountCall(name, 2, now));
    now += std::chrono::seconds(1);
  }
  char byte = 0;
  EXPECT_LT(recv(pair.client.get(), &byte, 1, MSG_DONTWAIT), 0);
  EXPECT_TRUE(table.CountCall(name, 2, now));
  EXPECT_TRUE(table.CountCall(name, 2, now));
  EXPECT_FALSE(table.CountCall(name, 2, now));
  EXPECT_EQ(recv(pair.client.get(), &byte, 1, MSG_DONTWAIT), 0);
  EXPECT_TRUE(table.CountCall("unknown", 0, now));
}

TEST(ConnectionTableTest, EndsAConnectionWithTooManyCalls) {
  ConnectionTable table({10, 10, 3});
  const Pair pair = Connected();
  const std::string name = NameOf(pair.own);
  ASSERT_TRUE(table.Add(pair.own.get(), PeerNamed(pair.own, "a", 0)));
  for (int i = 0; i < 100; ++i) {
    EXPECT_TRUE(table.BeginCall(name));
    EXPECT_TRUE(table.BeginCall(name));
    table.EndCall(name);
    table.EndCall(name);
  }
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(table.BeginCall(name));
  char byte = 0;
  EXPECT_EQ(recv(pair.client.get(), &byte, 1, MSG_DONTWAIT), -1);
  EXPECT_FALSE(table.BeginCall(name));
  EXPECT_EQ(recv(pair.client.get(), &byte, 1, MSG_DONTWAIT), 0);
  // It is reported once.
  EXPECT_TRUE(table.BeginCall(name));
  EXPECT_TRUE(table.BeginCall("ipv4:192.0.2.1:1"));
}

}  // namespace
}  // namespace dissectd::server
