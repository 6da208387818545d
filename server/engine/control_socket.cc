// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/control_socket.h"

#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "core/ipc/control_packet.h"

namespace dissectd::server {
namespace {

// Returns false with errno set if it can't be sent now.
bool SendNow(int socket, const ipc::ControlMessage& message,
             const std::vector<UniqueFd>& fds) {
  std::vector<int> numbers;
  numbers.reserve(fds.size());
  for (const UniqueFd& fd : fds) numbers.push_back(fd.get());
  return ipc::SendControlPacket(socket, message, numbers, MSG_DONTWAIT);
}

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK; }

}  // namespace

std::shared_ptr<ControlSocket> ControlSocket::Open(asio::io_context* context,
                                                   UniqueFd fd,
                                                   Handlers handlers) {
  // make_shared can't call the private constructor.
  std::shared_ptr<ControlSocket> channel(
      new ControlSocket(context, std::move(fd), std::move(handlers)));
  channel->AwaitMessages();
  return channel;
}

void ControlSocket::Send(const ipc::ControlMessage& message,
                         std::vector<UniqueFd> fds) {
  thread_.AssertOnThread();
  outgoing_.push_back({message, std::move(fds)});
  if (!awaiting_room_) SendQueued();
}

void ControlSocket::SendQueued() {
  while (!outgoing_.empty() && socket_.is_open()) {
    const Outgoing& next = outgoing_.front();
    if (!SendNow(socket_.native_handle(), next.message, next.fds)) {
      // Other errors mean that the engine has ended, which receiving reports.
      if (!WouldBlock()) return;
      awaiting_room_ = true;
      socket_.async_wait(
          asio::posix::stream_descriptor::wait_write,
          [self = shared_from_this()](const asio::error_code& error) {
            self->awaiting_room_ = false;
            if (!error) self->SendQueued();
          });
      return;
    }
    outgoing_.pop_front();
  }
}

void ControlSocket::AwaitMessages() {
  socket_.async_wait(
      asio::posix::stream_descriptor::wait_read,
      [self = shared_from_this()](const asio::error_code& error) {
        if (!error) self->ReceiveAll();
      });
}

void ControlSocket::ReceiveAll() {
  thread_.AssertOnThread();
  while (socket_.is_open()) {
    ipc::ControlMessage message = {};
    const ssize_t size =
        recv(socket_.native_handle(), &message, sizeof(message), MSG_DONTWAIT);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && WouldBlock()) {
      AwaitMessages();
      return;
    }
    // No error is recoverable.
    if (size <= 0) return ReportClosed(absl::OkStatus());
    const absl::Status checked =
        ipc::CheckControlPacket(message, static_cast<size_t>(size));
    if (!checked.ok()) return ReportClosed(checked);
    handlers_.received(message);
  }
}

void ControlSocket::ReportClosed(const absl::Status& error) {
  Close();
  std::exchange(handlers_.closed, nullptr)(error);
}

// Keeps the handlers, as one of them may be running.
void ControlSocket::Close() {
  outgoing_.clear();
  asio::error_code ignored;
  socket_.close(ignored);
}

}  // namespace dissectd::server
