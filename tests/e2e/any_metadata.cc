// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/e2e/any_metadata.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdint>

namespace dissectd {
namespace {

// Types and flags of frames, as in RFC 9113.
constexpr uint8_t kData = 0;
constexpr uint8_t kHeaders = 1;
constexpr uint8_t kResetStream = 3;
constexpr uint8_t kSettings = 4;
constexpr uint8_t kEndStream = 1;
constexpr uint8_t kEndHeaders = 4;
constexpr size_t kHeaderBytes = 9;
constexpr unsigned kByteBits = 8;

std::string Frame(uint8_t type, uint8_t flags, uint8_t stream,
                  const std::string& payload) {
  const size_t size = payload.size();
  std::string frame = {static_cast<char>(size >> (2 * kByteBits)),
                       static_cast<char>(size >> kByteBits),
                       static_cast<char>(size),
                       static_cast<char>(type),
                       static_cast<char>(flags),
                       0,
                       0,
                       0,
                       static_cast<char>(stream)};
  return frame + payload;
}

// Returns a literal field of HPACK. Both texts have less than 127 bytes.
std::string Field(const std::string& name, const std::string& value) {
  std::string field(1, '\0');
  field += static_cast<char>(name.size());
  field += name;
  field += static_cast<char>(value.size());
  return field + value;
}

std::string Request(const std::string& method, const Metadata& metadata) {
  std::string fields =
      Field(":method", "POST") + Field(":scheme", "http") +
      Field(":path", method) + Field(":authority", "localhost") +
      Field("content-type", "application/grpc") + Field("te", "trailers");
  for (const auto& [name, value] : metadata) fields += Field(name, value);
  return "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + Frame(kSettings, 0, 0, "") +
         Frame(kHeaders, kEndHeaders, 1, fields) +
         Frame(kData, kEndStream, 1, std::string(5, '\0'));
}

int Connect(const std::string& path) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof(address.sun_path) - 1);
  const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const timeval timeout = {30, 0};
  setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
  EXPECT_EQ(
      connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof(address)),
      0);
  return fd;
}

// Reads a number of bytes; fewer if the connection ends.
std::string Read(int fd, size_t size) {
  std::string bytes(size, '\0');
  const ssize_t count = recv(fd, &bytes[0], size, MSG_WAITALL);
  EXPECT_GE(count, 0) << "waited in vain for an answer";
  bytes.resize(count < 0 ? 0 : static_cast<size_t>(count));
  return bytes;
}

size_t PayloadSize(const std::string& header) {
  size_t size = 0;
  for (int i = 0; i < 3; ++i) {
    size = size << kByteBits | static_cast<uint8_t>(header[i]);
  }
  return size;
}

// gRPC writes the field as a literal when it is the first of its name.
std::string StatusIn(const std::string& fields) {
  const std::string name = "grpc-status";
  const size_t start = fields.find(name);
  if (start == std::string::npos) return "";
  const size_t size = start + name.size();
  return fields.substr(size + 1, static_cast<uint8_t>(fields[size]));
}

std::string ReadStatus(int fd) {
  while (true) {
    const std::string header = Read(fd, kHeaderBytes);
    if (header.size() < kHeaderBytes) return "";
    const std::string payload = Read(fd, PayloadSize(header));
    const auto type = static_cast<uint8_t>(header[3]);
    if (type == kResetStream) return "";
    if (type != kHeaders) continue;
    const std::string status = StatusIn(payload);
    if (!status.empty()) return status;
  }
}

}  // namespace

std::string CallWithAnyMetadata(const std::string& socket,
                                const std::string& method,
                                const Metadata& metadata) {
  const int fd = Connect(socket);
  const std::string request = Request(method, metadata);
  EXPECT_EQ(send(fd, request.data(), request.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(request.size()));
  const std::string status = ReadStatus(fd);
  close(fd);
  return status;
}

}  // namespace dissectd
