// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_WORKER_COUNTS_H_
#define SERVER_METRICS_WORKER_COUNTS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

#include "core/ipc/protocol.h"
#include "server/metrics/counter.h"

namespace dissectd::server::metrics {

// Why a worker's process ended.
enum class WorkerEndCause {
  // It had answered everything.
  kFinished,
  // The daemon ended it: a call was cancelled, a session closed, or nobody
  // needed it any more.
  kStopped,
  // A signal or an exit status that says that something went wrong.
  kCrashed,
  // SIGKILL from outside, which is how the kernel frees memory.
  kKilled,
  // It had used up its processor time.
  kOutOfTime,
  // It sent what no worker sends.
  kBrokenProtocol,
  kNotStarted,
  kEngineDied,
  kEngineUnavailable,

  kCount,
};

inline constexpr auto kWorkerEndCauses =
    static_cast<size_t>(WorkerEndCause::kCount);
// The values of ipc::WorkerKind are below this.
inline constexpr size_t kWorkerKinds =
    static_cast<size_t>(ipc::WorkerKind::kLiveSession) + 1;

// The workers of one kind. Thread-safe.
struct WorkerKindCounts {
  Counter starts;
  std::array<Counter, kWorkerEndCauses> ends;
  Counter processor_microseconds;
  // The most memory that a process of this kind has had.
  std::atomic<uint64_t> peak_resident_bytes{0};
};

void CountWorkerStart(ipc::WorkerKind kind);
void CountWorkerEnd(ipc::WorkerKind kind, WorkerEndCause cause,
                    const ipc::ProcessUsage& usage);

// Returns the counts of a kind of workers.
const WorkerKindCounts& CountsOf(ipc::WorkerKind kind);

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_WORKER_COUNTS_H_
