// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/base/own_memory.h"

#include <malloc.h>
#include <unistd.h>

#include <fstream>

namespace dissectd::server {

uint64_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  uint64_t all = 0;
  uint64_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

uint64_t AllocatedBytes() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace dissectd::server
