// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_ACTIVATED_SOCKET_H_
#define SERVER_TRANSPORT_ACTIVATED_SOCKET_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/systemd/passed_sockets.h"
#include "server/transport/listen_address.h"
#include "server/transport/listening_socket.h"

namespace dissectd::server {

// A socket that systemd listens on for the daemon.
struct ActivatedSocket {
  // The text has the socket's name and address.
  ListenAddress address;
  ListeningSocket socket;
};

// Returns whether an address to listen on is `systemd:NAME`.
bool IsActivated(absl::string_view listen);

// Takes the sockets for the addresses `systemd:NAME`, each of which stands for
// all sockets of that name, or of any name if it is empty. Other addresses are
// ignored. Errors: FAILED_PRECONDITION if there is no socket for an address, no
// address for a socket, or if a socket can't accept connections.
absl::StatusOr<std::vector<ActivatedSocket>> AdoptSockets(
    const std::vector<std::string>& listen, std::vector<PassedSocket> passed);

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_ACTIVATED_SOCKET_H_
