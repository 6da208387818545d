// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_FAIR_SHARE_H_
#define SERVER_BASE_FAIR_SHARE_H_

#include <algorithm>
#include <cstdint>

namespace dissectd::server {

// Decides how many of a limited number of places one caller may have. A
// caller's share becomes smaller as places become scarce: a caller that takes
// all that it can get leaves some to the next one, whose share is then a part
// of these. So a few callers together can't take all places either.
struct FairShare {
  // The number of all places.
  uint32_t limit = 0;
  // The number that one caller has at most. If it isn't less than `limit`, one
  // caller may have all places.
  uint32_t limit_per_caller = 0;

  // Returns whether a caller with `own` places may have another one, while
  // `free` places are free.
  bool Allows(uint32_t own, uint32_t free) const {
    if (free == 0 || own >= limit_per_caller) return false;
    // Alone, a caller gets `limit_per_caller`, and leaves the rest. Others get
    // at least as much as remains free, or the same proportion of what remains.
    const uint64_t rest = limit - std::min(limit, limit_per_caller);
    return own * rest < std::max<uint64_t>(limit_per_caller, rest) * free;
  }
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_FAIR_SHARE_H_
