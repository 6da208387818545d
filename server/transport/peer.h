// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_PEER_H_
#define SERVER_TRANSPORT_PEER_H_

#include <cstdint>
#include <optional>
#include <string>

namespace dissectd::server {

// The other end of a connection.
struct Peer {
  // The connection as gRPC names it in calls: `ipv4:192.0.2.1:50000`,
  // `ipv6:%5B2001:db8::1%5D:50000` or, for a Unix socket, `fd:` and the number
  // of the descriptor.
  std::string name;
  // What connections are counted by: the host, the network of an IPv6 host, or
  // the user at the other end of a Unix socket.
  std::string share;
  // The user at the other end of a Unix socket, unless that is one of those
  // whom this process can't tell apart.
  std::optional<uint32_t> user;
};

// Returns whether this process can tell all users apart. In a user namespace,
// all those that have no number there look the same.
bool SeesAllUsers();

// Returns nothing if the other end has gone.
std::optional<Peer> PeerOf(int fd);

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_PEER_H_
