// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/pipe_input.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <utility>

namespace dissectd::cli {
namespace {

// The largest piece; a pipe holds 64 KiB by default.
constexpr size_t kPieceBytes = 256 << 10;

}  // namespace

PipeInput::PipeInput(ScopedFd pipe) : pipe_(std::move(pipe)) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) error_ = errno;
  stop_[0] = ScopedFd(ends[0]);
  stop_[1] = ScopedFd(ends[1]);
}

bool PipeInput::Read(std::string* bytes) {
  while (error_ == 0 && Wait()) {
    bytes->resize(kPieceBytes);
    const ssize_t count = read(pipe_.get(), bytes->data(), bytes->size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) error_ = errno;
    if (count <= 0) return false;
    bytes->resize(static_cast<size_t>(count));
    return true;
  }
  return false;
}

bool PipeInput::Wait() const {
  pollfd files[] = {{pipe_.get(), POLLIN, 0}, {stop_[0].get(), POLLIN, 0}};
  while (poll(files, 2, -1) < 0) {
    if (errno != EINTR) return false;
  }
  return files[1].revents == 0;
}

}  // namespace dissectd::cli
