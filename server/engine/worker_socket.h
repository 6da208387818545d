// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_WORKER_SOCKET_H_
#define SERVER_ENGINE_WORKER_SOCKET_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>
#include <sys/types.h>

#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/strings/string_view.h"
#include "core/ipc/protocol.h"
#include "server/base/thread_checker.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// dissectd's end of a worker's channel. Payloads are forwarded unchanged. Used
// on the loop's thread only; no call blocks.
class WorkerSocket {
 public:
  struct Message {
    ipc::MessageType type;
    ipc::RequestId request_id = 0;
    // MessageHeader.last_frame.
    uint32_t last_frame = 0;
    // Refers to the bytes, so copies are cheap.
    grpc::ByteBuffer payload;
  };
  enum class ReadResult { kMessage, kClosed, kMalformed };
  using ReadFn =
      absl::AnyInvocable<void(ReadResult result, const Message& message)>;

  // `fd` is a connected stream socket.
  WorkerSocket(asio::io_context* context, UniqueFd fd);

  // Sends a message about a request, with file descriptors, after all earlier
  // messages. If the other end has gone, Read reports it.
  void Send(ipc::MessageType type, ipc::RequestId request,
            absl::string_view payload, std::vector<UniqueFd> fds = {});

  // Reads one message. Only one read can be pending. `read` is not called after
  // Close.
  void Read(ReadFn read);

  // Makes `peer` known. Called before the other end sends anything.
  void WatchPeer();
  // The process that sent the first message, as the kernel says; 0 if it isn't
  // known.
  pid_t peer() const { return state_->peer; }

  void Close();

 private:
  struct Outgoing {
    std::string bytes;
    size_t sent = 0;
    std::vector<UniqueFd> fds;
  };
  // The state that asynchronous operations use and keep alive.
  struct State {
    explicit State(asio::io_context* context) : socket(*context) {}
    asio::local::stream_protocol::socket socket;
    ipc::MessageHeader header = {};
    // The bytes of the message that have been read.
    std::vector<grpc::Slice> pieces;
    ReadFn read;
    // Messages that aren't sent yet.
    std::deque<Outgoing> outgoing;
    // Whether the next message is to be asked for its sender.
    bool watches_peer = false;
    pid_t peer = 0;
    ThreadChecker thread;
  };

  static void SendMore(const std::shared_ptr<State>& state);
  static void FindPeer(const std::shared_ptr<State>& state);
  static void ReadHeader(const std::shared_ptr<State>& state);
  // Reads the last `rest` bytes of a message, and delivers it.
  static void ReadPayload(const std::shared_ptr<State>& state, size_t rest);
  static void Deliver(const std::shared_ptr<State>& state, ReadResult result,
                      const Message& message);

  std::shared_ptr<State> state_;
};

// Returns the bytes of a small payload.
std::string BytesOf(const grpc::ByteBuffer& payload);

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_WORKER_SOCKET_H_
