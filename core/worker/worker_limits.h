// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_WORKER_LIMITS_H_
#define CORE_WORKER_WORKER_LIMITS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "core/ipc/protocol.h"

namespace dissectd::engine {

// Many times the stack that libwireshark needs for the longest filter that
// requests can have, see kMaxFilterBytes.
inline constexpr uint64_t kStackBytes = 64 << 20;

// Limits this process for the rest of its life. A limit has no effect if the
// process already has a lower one. Raises the limit of the stack to
// kStackBytes, as far as the process may. Errors: INTERNAL.
absl::Status ApplyWorkerLimits(const ipc::WorkerLimits& limits);

}  // namespace dissectd::engine

#endif  // CORE_WORKER_WORKER_LIMITS_H_
