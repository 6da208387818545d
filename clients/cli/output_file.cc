// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/output_file.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dissectd::cli {

absl::Status OutputFile::Flush() {
  absl::string_view rest = buffer_.view();
  while (!rest.empty()) {
    const ssize_t written = write(STDOUT_FILENO, rest.data(), rest.size());
    if (written < 0) {
      if (errno == EINTR) continue;
      if (errno == EPIPE) return absl::AbortedError("nobody reads the output");
      if (errno == ENOSPC) {
        return absl::InternalError(
            "Not all the packets could be printed because there is no space "
            "left on the file system.");
      }
      return absl::InternalError(absl::StrCat(
          "An error occurred while printing packets: ", std::strerror(errno),
          "."));
    }
    rest.remove_prefix(static_cast<size_t>(written));
  }
  buffer_.Clear();
  return absl::OkStatus();
}

}  // namespace dissectd::cli
