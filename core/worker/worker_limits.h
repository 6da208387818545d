// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_WORKER_LIMITS_H_
#define CORE_WORKER_WORKER_LIMITS_H_

#include "absl/status/status.h"
#include "core/ipc/protocol.h"

namespace dissectd::engine {

// Limits this process for the rest of its life. A limit has no effect if the
// process already has a lower one. Errors: INTERNAL.
absl::Status ApplyWorkerLimits(const ipc::WorkerLimits& limits);

}  // namespace dissectd::engine

#endif  // CORE_WORKER_WORKER_LIMITS_H_
