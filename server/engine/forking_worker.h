// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_FORKING_WORKER_H_
#define SERVER_ENGINE_FORKING_WORKER_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/engine/fork_table.h"
#include "server/engine/worker.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"

namespace dissectd::server {

// A worker that answers queries in forks of itself. A fork can be killed, or
// crash, without harm to the worker and its other forks. The worker is started
// for the first fork, and again for the next one if it has ended. Used on the
// loop's thread only.
class ForkingWorker : public WorkerParent, private Worker::Listener {
 public:
  // `loop` and `parent`, which forks the worker, are not owned and outlive
  // this.
  ForkingWorker(IoLoop* loop, WorkerParent* parent)
      : loop_(loop), parent_(parent) {}

  // Makes the worker fork. If the worker ends, its forks end in the same way.
  uint64_t StartWorker(WorkerStart start, EndedFn ended) override;
  void KillWorker(uint64_t id) override;

 private:
  absl::Status StartParent();
  void OnWorkerMessage(const WorkerSocket::Message& message) override;
  void OnWorkerEnd(const WorkerOutcome& outcome) override;

  IoLoop* const loop_;
  WorkerParent* const parent_;
  std::unique_ptr<Worker> worker_;
  ForkTable forks_;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_FORKING_WORKER_H_
