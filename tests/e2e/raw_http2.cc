// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/raw_http2.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

namespace dissectd {
namespace {

constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
constexpr uint8_t kAcknowledgement = 1;
constexpr uint8_t kEndOfHeaders = 4;
constexpr size_t kFrameHeaderBytes = 9;
constexpr size_t kMaxFrameBytes = 16384;
constexpr uint16_t kInitialWindowSize = 4;
constexpr int kTimeoutMilliseconds = 60'000;

sockaddr_in AddressOf(const char* host, int port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}

bool IsReadable(int fd, int timeout_milliseconds) {
  pollfd poll_fd = {fd, POLLIN, 0};
  return poll(&poll_fd, 1, timeout_milliseconds) == 1;
}

std::string BigEndian(uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) {
    text += static_cast<char>(value >> (8 * i));
  }
  return text;
}

uint32_t NumberIn(const std::string& bytes, size_t place, size_t size) {
  uint32_t value = 0;
  for (size_t i = 0; i < size; ++i) {
    value = value << 8 | static_cast<uint8_t>(bytes.at(place + i));
  }
  return value;
}

// Returns a header without compression, as RFC 7541 defines it.
std::string Literal(const std::string& name, const std::string& value) {
  return std::string(1, '\0') + static_cast<char>(name.size()) + name +
         static_cast<char>(value.size()) + value;
}

std::string HeadersOf(const std::string& method) {
  return Literal(":method", "POST") + Literal(":scheme", "http") +
         Literal(":path", method) + Literal(":authority", "test") +
         Literal("te", "trailers") +
         Literal("content-type", "application/grpc");
}

}  // namespace

TcpClient::TcpClient(int port, const char* from)
    : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const sockaddr_in own = AddressOf(from, 0);
  EXPECT_EQ(bind(fd_, reinterpret_cast<const sockaddr*>(&own), sizeof(own)), 0);
  const sockaddr_in server = AddressOf("127.0.0.1", port);
  EXPECT_EQ(
      connect(fd_, reinterpret_cast<const sockaddr*>(&server), sizeof(server)),
      0);
}

TcpClient::~TcpClient() { close(fd_); }

bool TcpClient::Send(const std::string& bytes) const {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t size =
        send(fd_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) return false;
    sent += static_cast<size_t>(size);
  }
  return true;
}

bool TcpClient::WaitForEnd() const {
  char buffer[4096];
  while (IsReadable(fd_, kTimeoutMilliseconds)) {
    if (read(fd_, buffer, sizeof(buffer)) <= 0) return true;
  }
  return false;
}

RawHttp2::RawHttp2(int port, const char* from) : tcp_(port, from) {
  tcp_.Send(kPreface);
  Send({Http2Frame::kSettings, 0, 0, ""});
}

bool RawHttp2::Send(const Http2Frame& frame) const {
  return tcp_.Send(BigEndian(static_cast<uint32_t>(frame.payload.size()), 3) +
                   static_cast<char>(frame.type) +
                   static_cast<char>(frame.flags) + BigEndian(frame.stream, 4) +
                   frame.payload);
}

bool RawHttp2::BeginCall(uint32_t stream, const std::string& method) const {
  return Send({Http2Frame::kHeaders, kEndOfHeaders, stream, HeadersOf(method)});
}

bool RawHttp2::BeginHeaders(uint32_t stream, const std::string& method) const {
  return Send({Http2Frame::kHeaders, 0, stream, HeadersOf(method)});
}

bool RawHttp2::ReadExactly(size_t size, std::string* bytes) const {
  bytes->resize(size);
  size_t done = 0;
  while (done < size) {
    if (!IsReadable(tcp_.fd(), kTimeoutMilliseconds)) {
      ADD_FAILURE() << "waited in vain for a frame";
      return false;
    }
    const ssize_t got = read(tcp_.fd(), bytes->data() + done, size - done);
    if (got <= 0) return false;
    done += static_cast<size_t>(got);
  }
  return true;
}

bool RawHttp2::Read(Http2Frame* frame) {
  std::string header;
  if (!ReadExactly(kFrameHeaderBytes, &header)) return false;
  frame->type = static_cast<uint8_t>(header[3]);
  frame->flags = static_cast<uint8_t>(header[4]);
  frame->stream = NumberIn(header, 5, 4);
  if (!ReadExactly(NumberIn(header, 0, 3), &frame->payload)) return false;
  Handle(*frame);
  return true;
}

void RawHttp2::Handle(const Http2Frame& frame) {
  if (frame.type == Http2Frame::kWindowUpdate) {
    int64_t& window =
        frame.stream == 0 ? window_ : stream_windows_[frame.stream];
    window += NumberIn(frame.payload, 0, 4);
  }
  const bool is_new = (frame.flags & kAcknowledgement) == 0;
  if (frame.type == Http2Frame::kPing && is_new) {
    Send({Http2Frame::kPing, kAcknowledgement, 0, frame.payload});
  }
  if (frame.type != Http2Frame::kSettings || !is_new) return;
  for (size_t place = 0; place + 6 <= frame.payload.size(); place += 6) {
    if (NumberIn(frame.payload, place, 2) == kInitialWindowSize) {
      initial_window_ = NumberIn(frame.payload, place + 2, 4);
    }
  }
  Send({Http2Frame::kSettings, kAcknowledgement, 0, ""});
}

size_t RawHttp2::SendData(uint32_t stream, size_t bytes) {
  const int64_t room =
      std::min(window_, initial_window_ + stream_windows_[stream]);
  const size_t size = std::min(
      {bytes, kMaxFrameBytes, static_cast<size_t>(std::max<int64_t>(room, 0))});
  if (size == 0) return 0;
  if (!Send({Http2Frame::kData, 0, stream, std::string(size, '\0')})) return 0;
  window_ -= static_cast<int64_t>(size);
  stream_windows_[stream] -= static_cast<int64_t>(size);
  return size;
}

bool RawHttp2::HasFrame(int timeout_milliseconds) const {
  return IsReadable(tcp_.fd(), timeout_milliseconds);
}

}  // namespace dissectd
