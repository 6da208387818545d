// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/worker_parent.h"

#include <sys/wait.h>

namespace dissectd::server {

WorkerEnd EndOfProcess(int32_t pid, int32_t wait_status) {
  if (pid == 0) return {WorkerEnd::Kind::kNotStarted, wait_status};
  if (WIFSIGNALED(wait_status)) {
    return {WorkerEnd::Kind::kSignaled, WTERMSIG(wait_status)};
  }
  return {WorkerEnd::Kind::kExited, WEXITSTATUS(wait_status)};
}

}  // namespace dissectd::server
