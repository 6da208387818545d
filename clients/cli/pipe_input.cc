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

PipeInput::PipeInput(ScopedFd pipe, std::chrono::milliseconds patience)
    : pipe_(std::move(pipe)), patience_(patience) {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) error_ = errno;
  stop_[0] = ScopedFd(ends[0]);
  stop_[1] = ScopedFd(ends[1]);
}

bool PipeInput::Read(std::string* bytes) {
  while (error_ == 0) {
    const Event event = Wait();
    if (event == Event::kStop) return false;
    if (event == Event::kNothing) {
      bytes->clear();
      return true;
    }
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

PipeInput::Event PipeInput::Wait() const {
  pollfd files[] = {{pipe_.get(), POLLIN, 0}, {stop_[0].get(), POLLIN, 0}};
  int ready = 0;
  while ((ready = poll(files, 2, static_cast<int>(patience_.count()))) < 0) {
    if (errno != EINTR) return Event::kStop;
  }
  if (files[1].revents != 0) return Event::kStop;
  return ready == 0 ? Event::kNothing : Event::kInput;
}

}  // namespace dissectd::cli
