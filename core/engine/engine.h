// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENGINE_ENGINE_H_
#define CORE_ENGINE_ENGINE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "core/engine/control_channel.h"
#include "core/epan/epan.h"
#include "core/worker/forks.h"
#include "core/worker/worker.h"

namespace dissectd::engine {

// Forks a worker for each order of dissectd and reports its end. The process
// has a single thread and never dissects, so that it always answers, and each
// worker starts with libwireshark freshly initialised.
class Engine {
 public:
  // The caller keeps owning `control_fd`. `id` identifies the engine. `epan` is
  // open, is not owned, and outlives this. SIGCHLD must not be blocked yet.
  Engine(int control_fd, std::string id, const WorkerPolicy& policy,
         Epan* epan);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // Serves until dissectd closes the control channel. Errors: INTERNAL.
  absl::Status Run();

  // Ends all workers.
  void EndWorkers() { workers_.KillAll(); }

 private:
  absl::Status HandleControl(bool* closed);
  absl::Status StartWorker(const ipc::ControlMessage& message,
                           const WorkerFds& fds);
  absl::Status ReapWorkers();
  // `workers` is the number of running workers, including this one.
  [[noreturn]] void BecomeWorker(const WorkerStart& start, uint32_t workers);

  ControlChannel control_;
  const std::string id_;
  const WorkerPolicy policy_;
  Epan* const epan_;
  Forks workers_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENGINE_ENGINE_H_
