// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/network_namespace.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <thread>

namespace dissectd {
namespace {

constexpr char kFirstMac[] = "02:00:00:00:00:01";
constexpr char kSecondMac[] = "02:00:00:00:00:02";

void Ip(const std::string& arguments) {
  const std::string command = "ip " + arguments;
  ASSERT_EQ(std::system(command.c_str()), 0) << command;
}

sockaddr_in AddressOf(const UdpTraffic& traffic) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(traffic.port);
  EXPECT_EQ(inet_pton(AF_INET, traffic.address.c_str(), &address.sin_addr), 1);
  return address;
}

// Returns a socket with a source port that no earlier socket had. The kernel
// may choose one again, or one that a dissector is registered for.
int OpenSender() {
  static uint16_t next_port = 61'000;
  const int sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  do {
    address.sin_port = htons(next_port++);
  } while (next_port != 0 && bind(sender, generic, sizeof(address)) != 0);
  EXPECT_NE(next_port, 0) << "no source port is left";
  return sender;
}

}  // namespace

bool EnterPrivateNetwork() {
  static const bool kEntered = [] {
    if (unshare(CLONE_NEWNET) != 0) return false;
    SetInterfaceUp("lo", true);
    // Prevents interfaces that are created later from looking for neighbours.
    std::ofstream("/proc/sys/net/ipv6/conf/default/disable_ipv6") << 1;
    return true;
  }();
  return kEntered;
}

void SetInterfaceUp(const std::string& name, bool up) {
  Ip("link set " + name + (up ? " up" : " down"));
}

VethPair::VethPair(const std::string& first, const std::string& second)
    : first_(first), second_(second) {
  Ip("link add " + first + " address " + kFirstMac + " type veth peer name " +
     second + " address " + kSecondMac);
  Ip("addr add 10.77.0.1/24 dev " + first);
}

VethPair::~VethPair() {
  if (!removed_) Remove();
}

void VethPair::SetUp(bool up) {
  SetInterfaceUp(second_, up);
  SetInterfaceUp(first_, up);
  // Adds a neighbour entry, as nobody answers for the address.
  if (up) {
    Ip(std::string("neigh replace ") + kAddress + " lladdr " + kSecondMac +
       " nud permanent dev " + first_);
  }
}

void VethPair::Remove() {
  Ip("link delete " + first_);
  removed_ = true;
}

void SendUdp(const UdpTraffic& traffic) {
  const sockaddr_in address = AddressOf(traffic);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  // An open port sends no ICMP errors. An address that is not ours cannot be
  // bound, and need not be.
  const int receiver = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  static_cast<void>(bind(receiver, generic, sizeof(address)));
  const int sender = OpenSender();
  ASSERT_GE(sender, 0);
  for (uint32_t i = 0; i < traffic.count; ++i) {
    const std::string payload =
        UdpPayload(traffic.first + i, traffic.payload_size);
    ASSERT_EQ(sendto(sender, payload.data(), payload.size(), 0, generic,
                     sizeof(address)),
              static_cast<ssize_t>(payload.size()));
    if (traffic.gap.count() != 0) std::this_thread::sleep_for(traffic.gap);
  }
  close(sender);
  close(receiver);
}

std::string UdpPayload(uint32_t number, size_t size) {
  std::string payload = {
      static_cast<char>(number >> 24), static_cast<char>(number >> 16),
      static_cast<char>(number >> 8), static_cast<char>(number)};
  while (payload.size() < size) {
    payload.push_back(static_cast<char>(number + payload.size()));
  }
  return payload;
}

}  // namespace dissectd
