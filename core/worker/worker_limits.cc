// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/worker_limits.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/sandbox/process_rights.h"

namespace dissectd::engine {
namespace {

absl::Status Limit(__rlimit_resource resource, uint64_t value,
                   uint64_t hard_value) {
  if (value == 0) return absl::OkStatus();
  rlimit limit = {};
  getrlimit(resource, &limit);
  limit.rlim_max = std::min<rlim_t>(limit.rlim_max, hard_value);
  limit.rlim_cur =
      std::min({limit.rlim_cur, limit.rlim_max, static_cast<rlim_t>(value)});
  if (setrlimit(resource, &limit) == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("a worker's limits can't be set: ", std::strerror(errno)));
}

// libwireshark compiles filters by recursion. The stack of a process with one
// thread can grow until the end of its life.
void RaiseStackLimit() {
  rlimit limit = {};
  getrlimit(RLIMIT_STACK, &limit);
  limit.rlim_cur =
      std::min(limit.rlim_max,
               std::max(limit.rlim_cur, static_cast<rlim_t>(kStackBytes)));
  setrlimit(RLIMIT_STACK, &limit);
}

}  // namespace

absl::Status ApplyWorkerLimits(const ipc::WorkerLimits& limits) {
  RaiseStackLimit();
  if (!kHasSanitizer) {
    RETURN_IF_ERROR(Limit(RLIMIT_AS, limits.address_space_bytes,
                          limits.address_space_bytes));
  }
  // The kernel sends SIGXCPU at the lower limit, which tells the cause, and
  // SIGKILL at the upper one.
  RETURN_IF_ERROR(Limit(RLIMIT_CPU, limits.processor_seconds,
                        limits.processor_seconds + 1));
  RETURN_IF_ERROR(Limit(RLIMIT_NOFILE, limits.open_files, limits.open_files));
  return Limit(RLIMIT_FSIZE, limits.written_file_bytes,
               limits.written_file_bytes);
}

}  // namespace dissectd::engine
