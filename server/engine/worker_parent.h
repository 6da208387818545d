// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_WORKER_PARENT_H_
#define SERVER_ENGINE_WORKER_PARENT_H_

#include <cstdint>

#include "absl/functional/any_invocable.h"
#include "core/ipc/protocol.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// The end of a worker's process.
struct WorkerEnd {
  enum class Kind {
    // The process exited; `value` is its exit status.
    kExited,
    // A signal ended the process; `value` is the signal.
    kSignaled,
    // The fork failed; `value` is errno.
    kNotStarted,
    // The engine died, and all workers with it.
    kEngineDied,
    // The engine wasn't ready in time.
    kEngineUnavailable,
  };
  Kind kind;
  int value = 0;
  // All 0 for the fork of a worker: what it uses counts for the worker.
  ipc::ProcessUsage usage = {};
};

// Returns the end that kWorkerEnded or kForkEnded reports.
WorkerEnd EndOfProcess(int32_t pid, int32_t wait_status);

// Everything that a worker's process gets at its start.
struct WorkerStart {
  ipc::WorkerKind kind;
  ipc::WorkerLimits limits = {};
  UniqueFd channel;
  UniqueFd status_page;
  // Unset for the fork of a worker, which has the worker's capture.
  UniqueFd capture;
};

// Forks workers: the engine, or a worker that forks itself. Used on the loop's
// thread only.
class WorkerParent {
 public:
  using EndedFn = absl::AnyInvocable<void(const WorkerEnd& end)>;

  virtual ~WorkerParent() = default;

  // Forks a worker and returns its id. `ended` is called exactly once, after
  // this has returned.
  virtual uint64_t StartWorker(WorkerStart start, EndedFn ended) = 0;

  // Kills the worker if it still runs.
  virtual void KillWorker(uint64_t id) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_WORKER_PARENT_H_
