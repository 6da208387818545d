// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/single_thread.h"

#include <cstddef>
#include <filesystem>
#include <system_error>

namespace dissectd {

bool HasSingleThread() {
  std::error_code error;
  size_t threads = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator("/proc/self/task", error)) {
    static_cast<void>(entry);
    ++threads;
  }
  return threads == 1;
}

}  // namespace dissectd
