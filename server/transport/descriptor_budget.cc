// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/descriptor_budget.h"

#include <sys/resource.h>

#include <algorithm>

#include "core/base/read_files.h"

namespace dissectd::server {
namespace {

// Beyond this, programs that close every descriptor they could have inherited
// would start slowly: some systems permit a thousand million.
constexpr uint64_t kMaxDescriptors = 1 << 16;

// A worker's channel, status page, capture, request and pipes.
constexpr uint64_t kPerWorker = 8;
// dumpcap's pipes, a capture's journal, folder and current file, and an extcap
// program.
constexpr uint64_t kPerCapture = 8;
// The channels and status pages of a session's processes.
constexpr uint64_t kPerSession = 264;
// Files that calls read and write.
constexpr uint64_t kForFiles = 128;
// The engine, the listeners, gRPC, and the journals that are read at the start.
constexpr uint64_t kForTheDaemon = 32;

// More connections than this are not for one daemon.
constexpr uint64_t kMaxConnections = 10'000;

}  // namespace

uint64_t RaiseDescriptorLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return kForFiles;
  const rlim_t wanted = std::min<rlim_t>(limit.rlim_max, kMaxDescriptors);
  if (limit.rlim_cur < wanted) {
    const rlimit raised = {wanted, limit.rlim_max};
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit.rlim_cur = wanted;
  }
  return std::min<rlim_t>(limit.rlim_cur, kMaxDescriptors);
}

uint32_t ConnectionBudget(uint64_t limit, uint64_t open,
                          const DescriptorNeeds& needs) {
  const uint64_t used = open + kForTheDaemon;
  const uint64_t left = limit > used ? limit - used : 0;
  const uint64_t others = kPerWorker * needs.max_workers +
                          kPerCapture * needs.max_captures +
                          kPerSession * needs.max_sessions + kForFiles;
  const uint64_t half = left / 2;
  const uint64_t budget = left > others ? std::max(left - others, half) : half;
  return static_cast<uint32_t>(
      std::clamp<uint64_t>(budget, 1, kMaxConnections));
}

uint64_t CountOpenDescriptors() { return EntriesOf("/proc/self/fd").size(); }

}  // namespace dissectd::server
