// SPDX-License-Identifier: GPL-2.0-or-later

// Sends any bytes over the channels between dissectd, dissectd-engine and the
// workers, to both ends. The first byte is the length of control packets.

#include <sys/socket.h>
#include <unistd.h>

#include <asio/io_context.hpp>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "core/engine/control_channel.h"
#include "core/ipc/protocol.h"
#include "core/ipc/worker_channel.h"
#include "server/base/unique_fd.h"
#include "server/engine/control_socket.h"
#include "server/engine/worker_socket.h"
#include "server/rpc/grpc_status.h"

namespace {

using dissectd::WorkerChannel;
using dissectd::engine::ControlChannel;
using dissectd::server::ControlSocket;
using dissectd::server::UniqueFd;
using dissectd::server::WorkerSocket;

// Both ends of a channel.
struct Channel {
  explicit Channel(int type) {
    int ends[2];
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0) std::abort();
    sender = UniqueFd(ends[0]);
    receiver = UniqueFd(ends[1]);
  }
  UniqueFd sender;
  UniqueFd receiver;
};

// Returns the other end of a channel with these bytes in it. Its buffer has
// room for all.
UniqueFd StreamOf(absl::string_view bytes) {
  Channel channel(SOCK_STREAM);
  while (!bytes.empty()) {
    const ssize_t sent = send(channel.sender.get(), bytes.data(), bytes.size(),
                              MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) break;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return std::move(channel.receiver);
}

UniqueFd PacketsOf(absl::string_view bytes, size_t packet) {
  Channel channel(SOCK_SEQPACKET);
  while (!bytes.empty()) {
    const absl::string_view next = bytes.substr(0, packet);
    if (send(channel.sender.get(), next.data(), next.size(),
             MSG_NOSIGNAL | MSG_DONTWAIT) <= 0) {
      break;
    }
    bytes.remove_prefix(next.size());
  }
  return std::move(channel.receiver);
}

void ReceiveInWorker(absl::string_view bytes) {
  const UniqueFd fd = StreamOf(bytes);
  WorkerChannel channel(fd.get());
  while (channel.Receive().ok()) continue;
}

// Reads messages until the channel is closed.
class DaemonEnd {
 public:
  explicit DaemonEnd(absl::string_view bytes)
      : socket_(&context_, StreamOf(bytes)) {}

  void Run() {
    Read();
    context_.run();
  }

 private:
  void Read() {
    socket_.Read([this](WorkerSocket::ReadResult result,
                        const WorkerSocket::Message& message) {
      if (result != WorkerSocket::ReadResult::kMessage) return socket_.Close();
      if (message.type == dissectd::ipc::MessageType::kStatus) {
        dissectd::server::StatusFromWorker(
            dissectd::server::BytesOf(message.payload))
            .IgnoreError();
      }
      Read();
    });
  }

  asio::io_context context_;
  WorkerSocket socket_;
};

void ReceiveInEngine(absl::string_view bytes, size_t packet) {
  const UniqueFd fd = PacketsOf(bytes, packet);
  ControlChannel channel(fd.get());
  while (true) {
    const auto received = channel.Receive();
    if (!received.ok() || !received->has_value()) return;
  }
}

void ReceiveFromEngine(absl::string_view bytes, size_t packet) {
  asio::io_context context;
  bool closed = false;
  const auto socket =
      ControlSocket::Open(&context, PacketsOf(bytes, packet),
                          {[](const dissectd::ipc::ControlMessage&) {},
                           [&closed](const absl::Status&) { closed = true; }});
  context.run();
  if (!closed) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 2) return 0;
  const absl::string_view bytes(reinterpret_cast<const char*>(data) + 1,
                                size - 1);
  const size_t packet = data[0] == 0 ? 1 : data[0];
  ReceiveInWorker(bytes);
  DaemonEnd(bytes).Run();
  ReceiveInEngine(bytes, packet);
  ReceiveFromEngine(bytes, packet);
  return 0;
}
