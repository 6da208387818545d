// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SPARE_FORKS_H_
#define SERVER_SESSION_SPARE_FORKS_H_

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/io_loop.h"
#include "server/query/query_worker.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// Forks of a session's processes that wait for questions, as a fork takes
// longer than most answers, and who looks at a frame is likely to look at its
// neighbours. Those of the processes that were used last are kept. Used on the
// loop's thread only.
class SpareForks {
 public:
  // `loop` is not owned and outlives this.
  explicit SpareForks(IoLoop* loop) : loop_(loop) {}
  SpareForks(const SpareForks&) = delete;
  SpareForks& operator=(const SpareForks&) = delete;

  // Returns a fork of the process, which waits already if there is one. Errors:
  // those of QueryWorker.
  absl::StatusOr<std::unique_ptr<QueryWorker>> Take(
      const std::shared_ptr<QueryWorker>& parent, WorkerLimit::Permit permit);

  // Lets a fork of the process wait, unless one does. Failures are ignored: the
  // fork is made when it is needed.
  void Prepare(const std::shared_ptr<QueryWorker>& parent);

  // Ends all that wait.
  void Clear() { spares_.clear(); }

 private:
  struct Spare {
    std::shared_ptr<QueryWorker> parent;
    std::unique_ptr<QueryWorker> fork;
  };

  // Returns the fork of the process that waits; null if there is none.
  std::unique_ptr<QueryWorker> Remove(const QueryWorker* parent);

  IoLoop* const loop_;
  // The last one was used last.
  std::vector<Spare> spares_;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SPARE_FORKS_H_
