// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/closed_streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace dissectd::cli {
namespace {

bool was_closed[STDERR_FILENO + 1] = {};

}  // namespace

void OpenClosedStreams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    if (fcntl(fd, F_GETFD) >= 0) continue;
    was_closed[fd] = true;
    // Gets this number, which is the lowest free one.
    const int ignored = open("/dev/null", O_RDWR);
    static_cast<void>(ignored);
  }
}

bool WasClosed(int fd) { return was_closed[fd]; }

int DuplicateStream(int fd) {
  if (!WasClosed(fd)) return fcntl(fd, F_DUPFD_CLOEXEC, 0);
  errno = EBADF;
  return -1;
}

}  // namespace dissectd::cli
