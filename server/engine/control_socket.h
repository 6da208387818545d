// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_CONTROL_SOCKET_H_
#define SERVER_ENGINE_CONTROL_SOCKET_H_

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <deque>
#include <memory>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "core/ipc/protocol.h"
#include "server/base/thread_checker.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// dissectd's end of the control channel to dissectd-engine. Created by Open,
// and used on the loop's thread only; no call blocks.
class ControlSocket : public std::enable_shared_from_this<ControlSocket> {
 public:
  // `received` is called for each message. `closed` is called once when the
  // other end has gone, with an error if it comes from another build or sends
  // garbage. Neither is called after Close.
  struct Handlers {
    absl::AnyInvocable<void(const ipc::ControlMessage&)> received;
    absl::AnyInvocable<void(const absl::Status& error)> closed;
  };

  static std::shared_ptr<ControlSocket> Open(asio::io_context* context,
                                             UniqueFd fd, Handlers handlers);

  // Sends a message, now or when the other end has room. Closes `fds`.
  void Send(const ipc::ControlMessage& message, std::vector<UniqueFd> fds = {});

  void Close();

 private:
  struct Outgoing {
    ipc::ControlMessage message;
    std::vector<UniqueFd> fds;
  };

  ControlSocket(asio::io_context* context, UniqueFd fd, Handlers handlers)
      : handlers_(std::move(handlers)), socket_(*context, fd.release()) {}

  void AwaitMessages();
  void ReceiveAll();
  void SendQueued();
  void ReportClosed(const absl::Status& error);

  Handlers handlers_;
  asio::posix::stream_descriptor socket_;
  std::deque<Outgoing> outgoing_;
  bool awaiting_room_ = false;
  ThreadChecker thread_;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_CONTROL_SOCKET_H_
