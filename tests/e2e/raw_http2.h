// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef TESTS_E2E_RAW_HTTP2_H_
#define TESTS_E2E_RAW_HTTP2_H_

#include <cstdint>
#include <map>
#include <string>

namespace dissectd {

// A frame of HTTP/2.
struct Http2Frame {
  enum Type : uint8_t {
    kData = 0,
    kHeaders = 1,
    kResetStream = 3,
    kSettings = 4,
    kPing = 6,
    kGoAway = 7,
    kWindowUpdate = 8,
    kContinuation = 9,
  };

  uint8_t type = 0;
  uint8_t flags = 0;
  uint32_t stream = 0;
  std::string payload;
};

// A TCP connection to 127.0.0.1. `from` is the own address.
class TcpClient {
 public:
  explicit TcpClient(int port, const char* from = "127.0.0.1");
  ~TcpClient();
  TcpClient(const TcpClient&) = delete;
  TcpClient& operator=(const TcpClient&) = delete;

  int fd() const { return fd_; }
  // Returns false if the server has closed the connection.
  bool Send(const std::string& bytes) const;
  // Waits for the server to close the connection.
  bool WaitForEnd() const;

 private:
  int fd_ = -1;
};

// A client of HTTP/2 that does what no library would: it sends any frames.
class RawHttp2 {
 public:
  explicit RawHttp2(int port, const char* from = "127.0.0.1");

  bool Send(const Http2Frame& frame) const;
  // Begins a call of a method, without its message.
  bool BeginCall(uint32_t stream, const std::string& method) const;
  // Begins a call whose headers have more frames to follow.
  bool BeginHeaders(uint32_t stream, const std::string& method) const;
  // Waits for the next frame. Acknowledges settings, and counts windows.
  // Returns false if the server has closed the connection.
  bool Read(Http2Frame* frame);
  // Sends parts of the stream's message as far as the windows permit. Returns
  // the number of bytes.
  size_t SendData(uint32_t stream, size_t bytes);
  // Returns whether there is something to read within the time.
  bool HasFrame(int timeout_milliseconds) const;

 private:
  void Handle(const Http2Frame& frame);
  bool ReadExactly(size_t size, std::string* bytes) const;

  TcpClient tcp_;
  int64_t initial_window_ = 65535;
  int64_t window_ = 65535;
  // What the windows of streams differ from the initial one.
  std::map<uint32_t, int64_t> stream_windows_;
};

}  // namespace dissectd

#endif  // TESTS_E2E_RAW_HTTP2_H_
