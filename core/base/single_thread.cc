// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/base/single_thread.h"

#include <sys/stat.h>

namespace dissectd {

bool HasSingleThread() {
  // The folder has the links "." and its parent's, and one of each subfolder. A
  // worker's sandbox doesn't let it list the folder.
  constexpr nlink_t kLinksForOneThread = 3;
  struct stat tasks = {};
  return stat("/proc/self/task", &tasks) == 0 &&
         tasks.st_nlink == kLinksForOneThread;
}

}  // namespace dissectd
