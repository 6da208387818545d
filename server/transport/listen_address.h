// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_LISTEN_ADDRESS_H_
#define SERVER_TRANSPORT_LISTEN_ADDRESS_H_

#include <sys/socket.h>
#include <sys/stat.h>

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace dissectd::server {

// An address of a socket.
struct SocketAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;

  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&storage);
  }
  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

// What to listen on: `HOST:PORT`, with an IPv6 address in brackets, or
// `unix:PATH`.
struct ListenAddress {
  // As the operator wrote it.
  std::string text;
  // The path of a Unix socket; empty for a port.
  std::string path;
  // All addresses of the host, or that of the socket. At least one.
  std::vector<SocketAddress> addresses;
  // The mode of the file of a Unix socket.
  mode_t mode = S_IRUSR | S_IWUSR;
};

// Looks up the host. `localhost` is 127.0.0.1 where it doesn't resolve, as on
// machines without an entry in /etc/hosts. Errors: UNAVAILABLE, with a message
// for the operator.
absl::StatusOr<ListenAddress> ResolveListenAddress(const std::string& text);

// Returns whether only processes of this machine can connect to the address.
bool IsLocal(const ListenAddress& address);

// Checks that no process accepts connections at the Unix socket, which would be
// deleted to put another in its place. A socket that a process left behind when
// it ended is no obstacle. Errors: ALREADY_EXISTS.
absl::Status CheckSocketUnused(const ListenAddress& address);

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_LISTEN_ADDRESS_H_
