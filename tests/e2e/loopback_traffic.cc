// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/loopback_traffic.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>

namespace dissectd {
namespace {

constexpr uint16_t kDnsPort = 53;

sockaddr_in Loopback(uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

// Returns a socket of the port; an unused one if it is 0.
int BoundSocket(uint16_t port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = Loopback(port);
  EXPECT_EQ(
      bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
      0);
  return fd;
}

void SendTo(int from, int to, const std::string& bytes) {
  sockaddr_in address = {};
  socklen_t size = sizeof(address);
  ASSERT_EQ(getsockname(to, reinterpret_cast<sockaddr*>(&address), &size), 0);
  ASSERT_EQ(sendto(from, bytes.data(), bytes.size(), 0,
                   reinterpret_cast<const sockaddr*>(&address), size),
            static_cast<ssize_t>(bytes.size()));
  std::string received(bytes.size(), '\0');
  ASSERT_EQ(recv(to, received.data(), received.size(), 0),
            static_cast<ssize_t>(bytes.size()));
}

std::string Number(uint16_t number) {
  return {static_cast<char>(number >> 8), static_cast<char>(number & 0xff)};
}

// Returns the header of a message, and the question for a host's address.
std::string Message(uint16_t number, uint16_t flags, uint16_t answers) {
  const std::string name("\4host\7example\0", 14);
  return Number(number) + Number(flags) + Number(1) + Number(answers) +
         Number(0) + Number(0) + name + Number(1) + Number(1);
}

}  // namespace

LoopbackDns::LoopbackDns()
    : server_(BoundSocket(kDnsPort)), client_(BoundSocket(0)) {}

LoopbackDns::~LoopbackDns() {
  close(server_);
  close(client_);
}

void LoopbackDns::Ask(uint16_t number) const {
  SendTo(client_, server_, Message(number, 0x0100, 0));
}

void LoopbackDns::Answer(uint16_t number) const {
  // A reference to the name of the question, and an address for 60 seconds.
  const std::string address("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1", 16);
  SendTo(server_, client_, Message(number, 0x8180, 1) + address);
}

}  // namespace dissectd
