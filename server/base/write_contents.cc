// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/write_contents.h"

#include <unistd.h>

#include <cerrno>
#include <cstddef>

namespace dissectd::server {

int WriteContents(int file, absl::string_view bytes, uint64_t offset) {
  while (!bytes.empty()) {
    const ssize_t count =
        pwrite(file, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno;
    // The kernel doesn't do that with files; it would never end.
    if (count == 0) return EIO;
    bytes.remove_prefix(static_cast<size_t>(count));
    offset += static_cast<uint64_t>(count);
  }
  return 0;
}

}  // namespace dissectd::server
