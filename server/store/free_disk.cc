// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/store/free_disk.h"

#include <sys/statvfs.h>

#include <limits>

namespace dissectd::server {
namespace {

constexpr std::chrono::milliseconds kMaxAge(200);

}  // namespace

uint64_t FreeDisk::Bytes() {
  const auto now = std::chrono::steady_clock::now();
  if (known_ && now - time_ < kMaxAge) return bytes_;
  struct statvfs status;
  const bool is_known =
      fstatvfs(folder_, &status) == 0 && (status.f_flag & ST_RDONLY) == 0;
  bytes_ = is_known ? uint64_t{status.f_bavail} * status.f_frsize
                    : std::numeric_limits<uint64_t>::max();
  time_ = now;
  known_ = true;
  return bytes_;
}

void FreeDisk::Take(uint64_t bytes) {
  bytes_ = bytes_ > bytes ? bytes_ - bytes : 0;
}

}  // namespace dissectd::server
