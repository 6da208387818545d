// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/memory_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace dissectd::engine {
namespace {

absl::Status Error() {
  const int error = errno;
  return absl::InternalError(
      absl::StrCat("can't keep a file of the request in memory: ",
                   absl::ErrnoToStatus(error, "").message()));
}

}  // namespace

absl::StatusOr<std::string> MakeMemoryFile(absl::string_view content) {
  const int fd = memfd_create("request", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0) return Error();
  absl::Cleanup close_fd = [fd] { close(fd); };
  while (!content.empty()) {
    const ssize_t written = write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Error();
    content.remove_prefix(static_cast<size_t>(written));
  }
  constexpr int kSeals =
      F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL;
  if (fcntl(fd, F_ADD_SEALS, kSeals) != 0) return Error();
  std::move(close_fd).Cancel();
  return absl::StrCat("/proc/self/fd/", fd);
}

}  // namespace dissectd::engine
