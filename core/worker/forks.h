// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_FORKS_H_
#define CORE_WORKER_FORKS_H_

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "core/ipc/protocol.h"

namespace dissectd::engine {

// The child processes that this one has forked, by ids that dissectd has
// chosen. They end at the latest when this process does. If one leads a process
// group, the processes of the group are killed when it has ended. Only for
// processes with one thread.
class Forks {
 public:
  struct Ended {
    uint64_t id;
    pid_t pid;
    // As waitpid gives it.
    int wait_status;
    ipc::ProcessUsage usage;
  };

  // Blocks SIGCHLD in this process.
  Forks();
  ~Forks();
  Forks(const Forks&) = delete;
  Forks& operator=(const Forks&) = delete;

  // Becomes readable when a process may have ended. -1 if it couldn't be
  // created.
  int fd() const { return signal_fd_; }

  // Forks like fork(). The child doesn't know the other processes, and has
  // SIGCHLD unblocked. `id` must be new.
  pid_t Fork(uint64_t id);

  // Kills the process unless it has ended.
  void Kill(uint64_t id);

  // Kills and reaps all processes that still run. The destructor does it, too.
  void KillAll();

  // Reaps the processes that have ended since the last call, and removes their
  // private folders.
  std::vector<Ended> Reap();

  size_t size() const { return ids_by_pid_.size(); }

 private:
  int signal_fd_;
  absl::flat_hash_map<pid_t, uint64_t> ids_by_pid_;
  absl::flat_hash_map<uint64_t, pid_t> pids_by_id_;
};

}  // namespace dissectd::engine

#endif  // CORE_WORKER_FORKS_H_
