// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/worker_socket.h"

#include <sys/socket.h>

#include <algorithm>
#include <asio/buffer.hpp>
#include <asio/read.hpp>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "core/ipc/descriptors.h"
#include "core/ipc/struct_bytes.h"

namespace dissectd::server {
namespace {

std::string MessageBytes(ipc::MessageType type, ipc::RequestId request,
                         absl::string_view payload) {
  ipc::MessageHeader header = {};
  header.type = type;
  header.request_id = request;
  header.length = static_cast<uint32_t>(payload.size());
  return absl::StrCat(ipc::BytesOf(header), payload);
}

// The most bytes for which memory is taken before they are there. Messages are
// rarely longer.
constexpr size_t kPieceBytes = size_t{1} << 20;

// Passes the bytes to gRPC without copying them.
grpc::Slice ToSlice(std::unique_ptr<char[]> bytes, size_t size) {
  const auto free_bytes = [](void* memory) {
    delete[] static_cast<char*>(memory);
  };
  char* memory = bytes.release();
  return grpc::Slice(memory, size, free_bytes, memory);
}

}  // namespace

std::string BytesOf(const grpc::ByteBuffer& payload) {
  grpc::Slice slice;
  if (!payload.DumpToSingleSlice(&slice).ok()) return std::string();
  return std::string(reinterpret_cast<const char*>(slice.begin()),
                     slice.size());
}

WorkerSocket::WorkerSocket(asio::io_context* context, UniqueFd fd)
    : state_(std::make_shared<State>(context)) {
  state_->socket.assign(asio::local::stream_protocol(), fd.release());
}

void WorkerSocket::Send(ipc::MessageType type, ipc::RequestId request,
                        absl::string_view payload, std::vector<UniqueFd> fds) {
  state_->thread.AssertOnThread();
  const bool idle = state_->outgoing.empty();
  state_->outgoing.push_back(
      {MessageBytes(type, request, payload), 0, std::move(fds)});
  if (idle) SendMore(state_);
}

void WorkerSocket::SendMore(const std::shared_ptr<State>& state) {
  while (!state->outgoing.empty()) {
    Outgoing& next = state->outgoing.front();
    std::vector<int> fds;
    fds.reserve(next.fds.size());
    for (const UniqueFd& fd : next.fds) fds.push_back(fd.get());
    const ssize_t sent = ipc::SendPartWithDescriptors(
        state->socket.native_handle(),
        absl::string_view(next.bytes).substr(next.sent), fds, MSG_DONTWAIT);
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      state->socket.async_wait(asio::socket_base::wait_write,
                               [state](const asio::error_code& error) {
                                 if (!error) SendMore(state);
                               });
      return;
    }
    // The other end is closed.
    if (sent < 0) return state->outgoing.clear();
    next.sent += static_cast<size_t>(sent);
    next.fds.clear();
    if (next.sent == next.bytes.size()) state->outgoing.pop_front();
  }
}

void WorkerSocket::WatchPeer() {
  const int on = 1;
  state_->watches_peer = setsockopt(state_->socket.native_handle(), SOL_SOCKET,
                                    SO_PASSCRED, &on, sizeof(on)) == 0;
}

void WorkerSocket::Read(ReadFn read) {
  state_->thread.AssertOnThread();
  state_->read = std::move(read);
  if (!state_->watches_peer) return ReadHeader(state_);
  state_->socket.async_wait(asio::socket_base::wait_read,
                            [state = state_](const asio::error_code& error) {
                              if (!error) FindPeer(state);
                              ReadHeader(state);
                            });
}

// Looks at the next message without reading it.
void WorkerSocket::FindPeer(const std::shared_ptr<State>& state) {
  state->watches_peer = false;
  char byte = 0;
  iovec bytes = {&byte, 1};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(ucred))] = {};
  msghdr message = {};
  message.msg_iov = &bytes;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof(control);
  if (recvmsg(state->socket.native_handle(), &message,
              MSG_PEEK | MSG_DONTWAIT) <= 0) {
    return;
  }
  const cmsghdr* header = CMSG_FIRSTHDR(&message);
  if (header == nullptr || header->cmsg_type != SCM_CREDENTIALS) return;
  ucred sender = {};
  std::memcpy(&sender, CMSG_DATA(header), sizeof(sender));
  state->peer = sender.pid;
}

void WorkerSocket::ReadHeader(const std::shared_ptr<State>& state) {
  asio::async_read(state->socket,
                   asio::buffer(&state->header, sizeof(state->header)),
                   [state](const asio::error_code& error, size_t) {
                     if (error) return Deliver(state, ReadResult::kClosed, {});
                     if (state->header.length > ipc::kMaxMessagePayload) {
                       return Deliver(state, ReadResult::kMalformed, {});
                     }
                     ReadPayload(state, state->header.length);
                   });
}

void WorkerSocket::ReadPayload(const std::shared_ptr<State>& state,
                               size_t rest) {
  const size_t size = std::min(rest, kPieceBytes);
  // make_unique would fill the memory.
  std::unique_ptr<char[]> bytes(new char[size]);
  const asio::mutable_buffer buffer(bytes.get(), size);
  asio::async_read(state->socket, buffer,
                   [state, rest, bytes = std::move(bytes)](
                       const asio::error_code& error, size_t read) mutable {
                     // The worker has died in the middle of a message.
                     if (error) return Deliver(state, ReadResult::kClosed, {});
                     state->pieces.push_back(ToSlice(std::move(bytes), read));
                     if (read < rest) return ReadPayload(state, rest - read);
                     const grpc::ByteBuffer payload(state->pieces.data(),
                                                    state->pieces.size());
                     state->pieces.clear();
                     Deliver(state, ReadResult::kMessage,
                             {state->header.type, state->header.request_id,
                              state->header.last_frame, payload});
                   });
}

void WorkerSocket::Deliver(const std::shared_ptr<State>& state,
                           ReadResult result, const Message& message) {
  if (!state->socket.is_open()) return;
  ReadFn read = std::move(state->read);
  read(result, message);
}

void WorkerSocket::Close() {
  // Drops the function, which may hold a reference to this object.
  state_->read = nullptr;
  state_->outgoing.clear();
  asio::error_code ignored;
  state_->socket.close(ignored);
}

}  // namespace dissectd::server
