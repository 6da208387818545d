// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_FINAL_STATUS_H_
#define CORE_WORKER_FINAL_STATUS_H_

#include "absl/status/status.h"
#include "core/ipc/worker_channel.h"

namespace dissectd::engine {

// Sends dissectd the final status of a worker or of a fork of one, except
// CANCELLED, after which dissectd doesn't listen any more. Returns the exit
// status of the process: 0 unless the status can't be sent.
int SendFinalStatus(const absl::Status& status, WorkerChannel* channel);

}  // namespace dissectd::engine

#endif  // CORE_WORKER_FINAL_STATUS_H_
