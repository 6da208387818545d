// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_UNIQUE_FD_H_
#define SERVER_BASE_UNIQUE_FD_H_

#include <fcntl.h>
#include <unistd.h>

#include <utility>

namespace dissectd::server {

// Owns a file descriptor.
class UniqueFd {
 public:
  UniqueFd() = default;
  explicit UniqueFd(int fd) : fd_(fd) {}
  ~UniqueFd() { reset(); }
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) {
      reset();
      fd_ = other.release();
    }
    return *this;
  }

  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }
  int release() { return std::exchange(fd_, -1); }
  // Returns another descriptor of the same open file; an invalid one if there
  // can be none, as errno then tells.
  UniqueFd Duplicate() const {
    return UniqueFd(fcntl(fd_, F_DUPFD_CLOEXEC, 0));
  }
  void reset() {
    if (fd_ >= 0) close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_UNIQUE_FD_H_
