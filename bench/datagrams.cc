// SPDX-License-Identifier: GPL-2.0-or-later

#include "bench/datagrams.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <random>
#include <thread>
#include <vector>

namespace dissectd {
namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr size_t kBatch = 64;

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_DGRAM, 0)) {}
  ~Socket() { close(fd_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int fd() const { return fd_; }

 private:
  const int fd_;
};

// Datagrams that are sent by one system call.
class Batch {
 public:
  explicit Batch(size_t size) {
    for (size_t i = 0; i < kBatch; ++i) {
      payloads_[i].assign(std::max(size, kStampDigits), 'x');
      vectors_[i] = {payloads_[i].data(), payloads_[i].size()};
      messages_[i] = {};
      messages_[i].msg_hdr.msg_iov = &vectors_[i];
      messages_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  // Returns the number of datagrams sent, or sendmmsg's return value on errors.
  int Send(int fd, size_t count) {
    std::array<char, kStampDigits + 1> stamp;
    std::snprintf(stamp.data(), stamp.size(), "%020" PRIu64,
                  MonotonicNanoseconds());
    for (size_t i = 0; i < count; ++i) {
      std::memcpy(payloads_[i].data(), stamp.data(), kStampDigits);
    }
    return sendmmsg(fd, messages_.data(), static_cast<unsigned>(count), 0);
  }

 private:
  std::array<std::vector<char>, kBatch> payloads_;
  std::array<iovec, kBatch> vectors_;
  std::array<mmsghdr, kBatch> messages_;
};

std::string ErrorText(const char* what) {
  return std::string(what) + ": " + std::strerror(errno);
}

std::string SendAll(const Datagrams& datagrams, int fd) {
  Batch batch(datagrams.size);
  std::mt19937 random;  // NOLINT(cert-msc51-cpp): the same in each run.
  std::uniform_real_distribution<double> within(0, datagrams.uneven ? 1 : 0);
  const Clock::time_point began = Clock::now();
  size_t sent = 0;
  while (sent < datagrams.count) {
    const double due =
        (static_cast<double>(sent) + within(random)) / datagrams.rate;
    std::this_thread::sleep_until(
        began + std::chrono::duration_cast<Clock::duration>(Seconds(due)));
    const auto elapsed = Seconds(Clock::now() - began).count();
    const auto turn = static_cast<size_t>(elapsed * datagrams.rate) + 1;
    const size_t behind = turn > sent ? turn - sent : 1;
    const int count =
        batch.Send(fd, std::min({behind, datagrams.count - sent,
                                 datagrams.uneven ? size_t{1} : kBatch}));
    if (count < 0 && errno != EINTR) return ErrorText("sendmmsg");
    if (count > 0) sent += static_cast<size_t>(count);
  }
  return "";
}

}  // namespace

uint64_t MonotonicNanoseconds() {
  return static_cast<uint64_t>(
      std::chrono::nanoseconds(Clock::now().time_since_epoch()).count());
}

std::string Send(const Datagrams& datagrams) {
  const Socket receiver;
  const Socket sender;
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(datagrams.port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (bind(receiver.fd(), generic, sizeof(address)) != 0) {
    return ErrorText("bind");
  }
  if (connect(sender.fd(), generic, sizeof(address)) != 0) {
    return ErrorText("connect");
  }
  return SendAll(datagrams, sender.fd());
}

}  // namespace dissectd
