// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_TRANSPORT_LISTENER_H_
#define SERVER_TRANSPORT_LISTENER_H_

#include <asio/posix/stream_descriptor.hpp>
#include <functional>
#include <list>
#include <memory>
#include <vector>

#include "server/base/io_loop.h"
#include "server/base/log_limit.h"
#include "server/base/timer.h"
#include "server/base/unique_fd.h"
#include "server/transport/connection_table.h"
#include "server/transport/listening_socket.h"

namespace dissectd::server {

// Accepts connections, and delivers those that have sent a first byte. Never
// gives up: if there are no descriptors left, it tries again until there are.
// gRPC's own listeners stay deaf after that. Made on the loop, and destroyed
// when the loop has stopped.
class Listener {
 public:
  // Takes a connection over.
  using Deliver = std::function<void(UniqueFd fd, bool is_unix)>;

  // `table` outlives this.
  Listener(IoLoop* loop, std::vector<ListeningSocket> sockets,
           ConnectionTable* table, Deliver deliver);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

 private:
  // A socket that clients connect to.
  struct Source {
    Source(IoLoop* loop, ListeningSocket listening);

    ListeningSocket socket;
    // A duplicate of the socket's descriptor.
    asio::posix::stream_descriptor readiness;
    Timer retry;
  };

  // A connection that hasn't sent anything yet.
  struct Silent {
    Silent(IoLoop* loop, UniqueFd fd, bool is_unix);

    asio::posix::stream_descriptor stream;
    Timer deadline;
    const bool is_unix;
    // Whether it was delivered or closed.
    bool done = false;
  };

  void Wait(Source* source);
  // Accepts all connections that wait.
  void Accept(Source* source);
  // Handles an error of accepting.
  void Fail(Source* source, int error);
  void Take(UniqueFd fd, bool is_unix);
  void AwaitFirstByte(const std::shared_ptr<Silent>& silent);
  // Returns false if that has happened before.
  static bool Finish(Silent* silent);

  IoLoop* const loop_;
  ConnectionTable* const table_;
  const Deliver deliver_;
  std::list<Source> sources_;
  LogLimit refusals_;
  LogLimit failures_;
};

}  // namespace dissectd::server

#endif  // SERVER_TRANSPORT_LISTENER_H_
