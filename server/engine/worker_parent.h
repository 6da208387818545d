// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_WORKER_PARENT_H_
#define SERVER_ENGINE_WORKER_PARENT_H_

#include <cstdint>

#include "absl/functional/any_invocable.h"
#include "core/ipc/protocol.h"
#include "server/base/unique_fd.h"

namespace dissectd::server {

// How a worker's process came to its end.
struct WorkerEnd {
  enum class Kind {
    // It exited; `value` is its exit status.
    kExited,
    // A signal ended it; `value` is the signal.
    kSignaled,
    // It could not be forked; `value` is errno.
    kNotStarted,
    // The engine died, and all workers with it.
    kEngineDied,
    // The engine was not up in time.
    kEngineUnavailable,
  };
  Kind kind;
  int value = 0;
};

// The end of which kWorkerEnded or kForkEnded tells.
WorkerEnd EndOfProcess(int32_t pid, int32_t wait_status);

// What a worker's process starts with.
struct WorkerStart {
  ipc::WorkerKind kind;
  ipc::WorkerLimits limits = {};
  UniqueFd channel;
  UniqueFd status_page;
  // Not for the fork of a worker, which has the capture of that.
  UniqueFd capture;
};

// Forks workers: the engine, or a worker that does so itself. Used on the
// loop's thread only.
class WorkerParent {
 public:
  using EndedFn = absl::AnyInvocable<void(const WorkerEnd& end)>;

  virtual ~WorkerParent() = default;

  // Has a worker forked; returns its id. `ended` is called exactly once, later
  // than this returns.
  virtual uint64_t StartWorker(WorkerStart start, EndedFn ended) = 0;

  // Has the worker killed if it still runs.
  virtual void KillWorker(uint64_t id) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_WORKER_PARENT_H_
