// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_SCOPED_FD_H_
#define CLIENTS_CLI_SCOPED_FD_H_

#include <unistd.h>

#include <utility>

namespace dissectd::cli {

// A file descriptor that is closed on destruction.
class ScopedFd {
 public:
  ScopedFd() = default;
  explicit ScopedFd(int fd) : fd_(fd) {}
  ~ScopedFd() { Close(); }
  ScopedFd(ScopedFd&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ScopedFd& operator=(ScopedFd&& other) noexcept {
    if (this != &other) {
      Close();
      fd_ = std::exchange(other.fd_, -1);
    }
    return *this;
  }

  int get() const { return fd_; }

 private:
  void Close() const {
    if (fd_ >= 0) close(fd_);
  }

  int fd_ = -1;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_SCOPED_FD_H_
