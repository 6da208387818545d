// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_HOST_CHANNEL_H_
#define SERVER_HOST_CHANNEL_H_

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "core/ipc/protocol.h"
#include "server/unique_fd.h"

namespace dissectd {

// dissectd's end of the control channel to epan-host. Made by Open, and used on
// the loop's thread only; neither call blocks.
class HostChannel : public std::enable_shared_from_this<HostChannel> {
 public:
  // `received` gets each message, `closed` is called once when the other end is
  // gone. Neither is called after Close.
  struct Handlers {
    std::function<void(const ipc::ControlMessage&)> received;
    std::function<void()> closed;
  };

  static std::shared_ptr<HostChannel> Open(asio::io_context* context,
                                           UniqueFd fd, Handlers handlers);

  // Sends a message, now or when the other end has room, and closes `fds`.
  void Send(const ipc::ControlMessage& message, std::vector<UniqueFd> fds = {});

  void Close();

 private:
  struct Outgoing {
    ipc::ControlMessage message;
    std::vector<UniqueFd> fds;
  };

  HostChannel(asio::io_context* context, UniqueFd fd, Handlers handlers)
      : handlers_(std::move(handlers)), socket_(*context, fd.release()) {}

  void AwaitMessages();
  void ReceiveAll();
  void SendQueued();
  void ReportClosed();

  Handlers handlers_;
  asio::posix::stream_descriptor socket_;
  std::deque<Outgoing> outgoing_;
  bool awaiting_room_ = false;
};

}  // namespace dissectd

#endif  // SERVER_HOST_CHANNEL_H_
