// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENGINE_ENGINE_H_
#define CORE_ENGINE_ENGINE_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "core/engine/control_channel.h"
#include "core/epan/epan.h"
#include "core/worker/worker.h"

namespace dissectd::engine {

// Forks a worker for each request of dissectd and reports its end. The
// process has a single thread and never dissects itself, so that it always
// answers, and each worker starts with libwireshark as it was initialised.
class Engine {
 public:
  // `control_fd` stays the caller's. `epan` is open, is not owned, and outlives
  // this. SIGCHLD must not be blocked yet.
  Engine(int control_fd, const WorkerPolicy& policy, Epan* epan);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Serves until dissectd closes the control channel, then ends all workers.
  // Errors: INTERNAL.
  absl::Status Run();

 private:
  absl::Status HandleControl(bool* closed);
  void StartWorker(uint64_t id, const WorkerFds& fds);
  void KillWorker(uint64_t id);
  absl::Status ReapWorkers();
  [[noreturn]] void BecomeWorker(const WorkerFds& fds, pid_t engine);

  ControlChannel control_;
  const WorkerPolicy policy_;
  Epan* const epan_;
  int signal_fd_ = -1;
  absl::flat_hash_map<pid_t, uint64_t> ids_by_pid_;
  absl::flat_hash_map<uint64_t, pid_t> pids_by_id_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENGINE_ENGINE_H_
