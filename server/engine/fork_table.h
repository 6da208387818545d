// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ENGINE_FORK_TABLE_H_
#define SERVER_ENGINE_FORK_TABLE_H_

#include <cstdint>
#include <map>
#include <optional>

#include "core/ipc/protocol.h"
#include "server/engine/worker.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"

namespace dissectd::server {

// The forks that a worker was told to make. Used on the loop's thread only.
class ForkTable {
 public:
  // A fork that has ended, and the function to call about it.
  struct Ended {
    WorkerParent::EndedFn report;
    WorkerEnd end;
  };

  bool empty() const { return forks_.empty(); }

  // Returns an id for a fork that can't be made.
  uint64_t NewId() { return ++last_fork_; }

  // Makes the worker fork, and returns the fork's id. `ended` is called by
  // those who take it out of the table.
  uint64_t Start(Worker* worker, WorkerStart start,
                 WorkerParent::EndedFn ended);

  // Makes the worker kill the fork, if it still runs.
  void Kill(Worker* worker, uint64_t id) const;

  // Takes out the fork whose end a message of the worker reports. Returns
  // nothing if the message is something else.
  std::optional<Ended> TakeEnded(const WorkerSocket::Message& message);

  // Takes out all forks, and reports their end.
  void EndAll(const WorkerEnd& end);

 private:
  std::map<ipc::RequestId, WorkerParent::EndedFn> forks_;
  ipc::RequestId last_fork_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_ENGINE_FORK_TABLE_H_
