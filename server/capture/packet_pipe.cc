// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/packet_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <asio/buffer.hpp>
#include <asio/write.hpp>
#include <cerrno>
#include <utility>

#include "absl/status/status.h"

namespace dissectd::server {

absl::StatusOr<UniqueFd> PacketPipe::Open() {
  thread_.AssertOnThread();
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) {
    return absl::ErrnoToStatus(errno, "can't create a pipe");
  }
  pipe_.assign(ends[1]);
  return UniqueFd(ends[0]);
}

void PacketPipe::Write(std::string bytes, Done done) {
  thread_.AssertOnThread();
  bytes_ = std::move(bytes);
  asio::async_write(
      pipe_, asio::buffer(bytes_),
      [self = shared_from_this(), done = std::move(done)](
          asio::error_code error, size_t) mutable { done(!error); });
}

void PacketPipe::Close() {
  thread_.AssertOnThread();
  asio::error_code ignored;
  pipe_.close(ignored);
}

}  // namespace dissectd::server
