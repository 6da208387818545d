// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_LISTENING_SOCKET_H_
#define SERVER_TRANSPORT_LISTENING_SOCKET_H_

#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/unique_fd.h"
#include "server/transport/listen_address.h"

namespace dissectd::server {

// A socket that clients connect to. The file of a Unix socket is deleted with
// it. Thread-compatible.
class ListeningSocket {
 public:
  // Listens on all addresses of a host, with the same port, or on a Unix
  // socket, whose file never has more rights than its mode. Addresses of a host
  // that this machine doesn't have are left out if there are others. Errors:
  // UNAVAILABLE, with a message for the operator.
  static absl::StatusOr<std::vector<ListeningSocket>> Open(
      const ListenAddress& address);

  // Takes a socket that another program, such as systemd, listens on for this
  // process. The file of a Unix socket stays. Errors: FAILED_PRECONDITION
  // unless the descriptor is a listening stream socket for IP or of Unix.
  static absl::StatusOr<ListeningSocket> Adopt(UniqueFd fd);

  ~ListeningSocket();
  ListeningSocket(ListeningSocket&& other) noexcept;
  ListeningSocket& operator=(ListeningSocket&&) = delete;

  int fd() const { return fd_.get(); }
  // Returns the port; 0 for a Unix socket.
  int Port() const;
  bool is_unix() const { return is_unix_; }

 private:
  // `path` is that of the file to delete; empty for none.
  ListeningSocket(UniqueFd fd, bool is_unix, std::string path);

  // Returns an error number; 0 for none.
  static int Bind(const SocketAddress& address, const ListenAddress& of,
                  std::vector<ListeningSocket>* sockets);
  static int BindAll(const ListenAddress& address,
                     std::vector<ListeningSocket>* sockets);

  UniqueFd fd_;
  bool is_unix_;
  std::string path_;
  // The number of the socket's file.
  ino_t inode_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_LISTENING_SOCKET_H_
