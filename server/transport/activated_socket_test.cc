// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/activated_socket.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace dissectd::server {
namespace {

using ::testing::HasSubstr;

// Returns a socket that listens on a port, as systemd would pass it.
PassedSocket Port(const std::string& name, uint32_t host = INADDR_LOOPBACK) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(host);
  EXPECT_EQ(
      bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)),
      0);
  EXPECT_EQ(listen(fd.get(), 1), 0);
  return {std::move(fd), name};
}

// Returns what is wrong with the sockets or addresses.
std::string ErrorOf(const std::vector<std::string>& listen,
                    std::vector<PassedSocket> passed) {
  const auto adopted = AdoptSockets(listen, std::move(passed));
  return std::string(adopted.status().message());
}

std::string ErrorOf(const std::vector<std::string>& listen,
                    PassedSocket passed) {
  std::vector<PassedSocket> all;
  all.push_back(std::move(passed));
  return ErrorOf(listen, std::move(all));
}

TEST(ActivatedSocketTest, AnAddressMeansTheSocketsOfItsName) {
  std::vector<PassedSocket> passed;
  passed.push_back(Port("web"));
  passed.push_back(Port("api"));
  passed.push_back(Port("web"));
  const auto adopted = AdoptSockets(
      {"systemd:web", "localhost:1", "systemd:api"}, std::move(passed));
  ASSERT_TRUE(adopted.ok()) << adopted.status();
  ASSERT_EQ(adopted->size(), 3);
  for (const ActivatedSocket& each : *adopted) {
    EXPECT_TRUE(IsLocal(each.address));
    EXPECT_FALSE(each.socket.is_unix());
    EXPECT_THAT(each.address.text,
                HasSubstr(" (127.0.0.1:" + std::to_string(each.socket.Port())));
    EXPECT_NE(fcntl(each.socket.fd(), F_GETFL) & O_NONBLOCK, 0);
  }
}

TEST(ActivatedSocketTest, KnowsWhichAreReachableFromOtherMachines) {
  std::vector<PassedSocket> passed;
  passed.push_back(Port("web", INADDR_ANY));
  const auto adopted = AdoptSockets({"systemd:"}, std::move(passed));
  ASSERT_TRUE(adopted.ok()) << adopted.status();
  EXPECT_FALSE(IsLocal(adopted->front().address));
}

TEST(ActivatedSocketTest, LeavesTheFilesOfUnixSockets) {
  const std::string path =
      "/tmp/dissectd-activated-test-" + std::to_string(getpid());
  {
    auto opened = ListeningSocket::Open(*ResolveListenAddress("unix:" + path));
    ASSERT_TRUE(opened.ok()) << opened.status();
    std::vector<PassedSocket> passed;
    passed.push_back({UniqueFd(fcntl(opened->front().fd(), F_DUPFD_CLOEXEC, 0)),
                      "dissectd.socket"});
    {
      const auto adopted = AdoptSockets({"systemd:"}, std::move(passed));
      ASSERT_TRUE(adopted.ok()) << adopted.status();
      EXPECT_EQ(adopted->front().address.text,
                "systemd:dissectd.socket (unix:" + path + ")");
      EXPECT_TRUE(adopted->front().socket.is_unix());
      EXPECT_TRUE(IsLocal(adopted->front().address));
    }
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(ActivatedSocketTest, RefusesSocketsThatNoAddressNames) {
  EXPECT_EQ(ErrorOf({"localhost:1", "systemd:api"}, Port("web")),
            "can't listen on systemd:api: systemd has passed no such socket; "
            "start the daemon by its socket unit");
  EXPECT_EQ(ErrorOf({"localhost:1"}, Port("web")),
            "systemd listens on the socket \"web\" for the daemon, which no "
            "address names: set --listen=systemd:web, or stop the socket unit");
  EXPECT_THAT(ErrorOf({"systemd:"}, std::vector<PassedSocket>()),
              HasSubstr("has passed no such socket"));
}

TEST(ActivatedSocketTest, RefusesDescriptorsThatDoNotListen) {
  EXPECT_THAT(ErrorOf({"systemd:"}, {UniqueFd(open("/dev/null", O_RDWR)), "x"}),
              HasSubstr("can't use the socket \"x\" of systemd: it is neither "
                        "a socket for IP nor a Unix socket"));
  for (const int type : {SOCK_STREAM, SOCK_DGRAM}) {
    EXPECT_THAT(
        ErrorOf({"systemd:"}, {UniqueFd(socket(AF_INET, type, 0)), "x"}),
        HasSubstr("it doesn't listen for connections"));
  }
}

}  // namespace
}  // namespace dissectd::server
