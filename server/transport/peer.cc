// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstring>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "server/transport/listen_address.h"

namespace dissectd::server {
namespace {

// The part of an IPv6 address that identifies a network.
constexpr size_t kNetworkBytes = 8;

std::string TextOf(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text = {};
  inet_ntop(family, address, text.data(), text.size());
  return text.data();
}

Peer V4Peer(const void* address, uint16_t port) {
  const std::string host = absl::StrCat("ipv4:", TextOf(AF_INET, address));
  return {absl::StrCat(host, ":", ntohs(port)), host, std::nullopt};
}

Peer V6Peer(const sockaddr_in6& address) {
  if (IN6_IS_ADDR_V4MAPPED(&address.sin6_addr)) {
    constexpr size_t kPrefixBytes = 12;
    return V4Peer(address.sin6_addr.s6_addr + kPrefixBytes, address.sin6_port);
  }
  in6_addr network = {};
  std::memcpy(&network, &address.sin6_addr, kNetworkBytes);
  return {absl::StrCat("ipv6:%5B", TextOf(AF_INET6, &address.sin6_addr),
                       "%5D:", ntohs(address.sin6_port)),
          absl::StrCat("ipv6:", TextOf(AF_INET6, &network), "/64"),
          std::nullopt};
}

// Returns the number that users without one have.
uint32_t NobodyInParticular() {
  constexpr uint32_t kDefault = 65534;
  uint32_t number = kDefault;
  std::ifstream("/proc/sys/kernel/overflowuid") >> number;
  return number;
}

std::optional<Peer> UnixPeer(int fd) {
  ucred user = {};
  socklen_t size = sizeof(user);
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &size) != 0) {
    return std::nullopt;
  }
  Peer peer = {absl::StrCat("fd:", fd), absl::StrCat("unix:", user.uid),
               user.uid};
  if (user.uid == NobodyInParticular() && !SeesAllUsers()) peer.user.reset();
  return peer;
}

}  // namespace

bool SeesAllUsers() {
  // All numbers but -1, which isn't one.
  constexpr uint32_t kAll = 4294967295;
  uint64_t first = 0;
  uint64_t outside = 0;
  uint64_t count = 0;
  std::ifstream map("/proc/self/uid_map");
  return map >> first >> outside >> count && count == kAll;
}

std::optional<Peer> PeerOf(int fd) {
  SocketAddress address;
  address.size = sizeof(address.storage);
  if (getpeername(fd, address.get(), &address.size) != 0) return std::nullopt;
  switch (address.storage.ss_family) {
    case AF_UNIX:
      return UnixPeer(fd);
    case AF_INET: {
      const auto* ip = reinterpret_cast<const sockaddr_in*>(&address.storage);
      return V4Peer(&ip->sin_addr, ip->sin_port);
    }
    case AF_INET6:
      return V6Peer(*reinterpret_cast<const sockaddr_in6*>(&address.storage));
    default:
      return std::nullopt;
  }
}

}  // namespace dissectd::server
