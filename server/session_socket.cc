// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session_socket.h"

#include <grpcpp/support/slice.h>
#include <sys/socket.h>

#include <asio/buffer.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <cstdint>

#include "absl/types/span.h"
#include "core/ipc/descriptors.h"

namespace dissectd {
namespace {

void AppendFrame(ipc::FrameKind kind, const std::string& payload,
                 std::string* out) {
  ipc::FrameHeader header = {};
  header.kind = kind;
  header.length = static_cast<uint32_t>(payload.size());
  out->append(reinterpret_cast<const char*>(&header), sizeof(header));
  out->append(payload);
}

// Hands the bytes to gRPC without copying them.
grpc::ByteBuffer ToByteBuffer(std::unique_ptr<char[]> bytes, size_t size) {
  const auto free_bytes = [](void* memory) {
    delete[] static_cast<char*>(memory);
  };
  char* memory = bytes.release();
  const grpc::Slice slice(memory, size, free_bytes, memory);
  return grpc::ByteBuffer(&slice, 1);
}

}  // namespace

std::string BytesOf(const grpc::ByteBuffer& payload) {
  grpc::Slice slice;
  if (!payload.DumpToSingleSlice(&slice).ok()) return std::string();
  return std::string(reinterpret_cast<const char*>(slice.begin()),
                     slice.size());
}

SessionSocket::SessionSocket(asio::io_context* context, UniqueFd fd)
    : state_(std::make_shared<State>(context)) {
  state_->socket.assign(asio::local::stream_protocol(), fd.release());
}

void SessionSocket::SendRequest(const std::string& capture_name,
                                ipc::FrameKind kind, const std::string& request,
                                const std::string& live_file) {
  auto frames = std::make_shared<std::string>();
  AppendFrame(ipc::FrameKind::kCaptureName, capture_name, frames.get());
  AppendFrame(kind, request, frames.get());
  if (!live_file.empty()) {
    AppendFrame(ipc::FrameKind::kLiveFile, live_file, frames.get());
  }
  asio::async_write(
      state_->socket, asio::buffer(*frames),
      [frames, state = state_](const asio::error_code&, size_t) {});
}

bool SessionSocket::SendSmall(ipc::FrameKind kind, const std::string& payload,
                              int fd) {
  std::string frame;
  AppendFrame(kind, payload, &frame);
  return ipc::SendWithDescriptors(
      state_->socket.native_handle(), frame,
      fd < 0 ? absl::Span<const int>() : absl::MakeConstSpan(&fd, 1),
      MSG_DONTWAIT);
}

void SessionSocket::Read(ReadFn read) {
  state_->read = std::move(read);
  asio::async_read(state_->socket,
                   asio::buffer(&state_->header, sizeof(state_->header)),
                   [state = state_](const asio::error_code& error, size_t) {
                     if (error) return Deliver(state, ReadResult::kClosed, {});
                     if (state->header.length > ipc::kMaxFramePayload) {
                       return Deliver(state, ReadResult::kMalformed, {});
                     }
                     ReadPayload(state);
                   });
}

void SessionSocket::ReadPayload(const std::shared_ptr<State>& state) {
  // Not make_unique, which would fill it.
  state->payload.reset(new char[state->header.length]);
  asio::async_read(state->socket,
                   asio::buffer(state->payload.get(), state->header.length),
                   [state](const asio::error_code& error, size_t size) {
                     // A session that dies in the middle of a frame.
                     if (error) return Deliver(state, ReadResult::kClosed, {});
                     Deliver(state, ReadResult::kFrame,
                             {state->header.kind,
                              ToByteBuffer(std::move(state->payload), size)});
                   });
}

void SessionSocket::Deliver(const std::shared_ptr<State>& state,
                            ReadResult result, const Frame& frame) {
  if (!state->socket.is_open()) return;
  ReadFn read = std::move(state->read);
  read(result, frame);
}

void SessionSocket::Close() {
  // What it holds may hold this.
  state_->read = nullptr;
  asio::error_code ignored;
  state_->socket.close(ignored);
}

}  // namespace dissectd
