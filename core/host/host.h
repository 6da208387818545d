// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_HOST_HOST_H_
#define CORE_HOST_HOST_H_

#include <sys/types.h>

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "core/epan/epan.h"
#include "core/host/control_channel.h"
#include "core/session/session.h"

namespace dissectd {

// Forks a session for each request of dissectd and reports its end. The
// process has a single thread and never dissects itself, so that it always
// answers, and each session starts with libwireshark as it was initialised.
class Host {
 public:
  // `control_fd` stays the caller's. `epan` is open, is not owned, and outlives
  // this. SIGCHLD must not be blocked yet.
  Host(int control_fd, const SessionPolicy& policy, Epan* epan);
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

  // Serves until dissectd closes the control channel, then ends all sessions.
  // Errors: INTERNAL.
  absl::Status Run();

 private:
  absl::Status HandleControl(bool* closed);
  void StartSession(uint64_t id, const SessionFds& fds);
  void KillSession(uint64_t id);
  absl::Status ReapSessions();
  [[noreturn]] void BecomeSession(const SessionFds& fds, pid_t host);

  ControlChannel control_;
  const SessionPolicy policy_;
  Epan* const epan_;
  int signal_fd_ = -1;
  absl::flat_hash_map<pid_t, uint64_t> ids_by_pid_;
  absl::flat_hash_map<uint64_t, pid_t> pids_by_id_;
};

}  // namespace dissectd

#endif  // CORE_HOST_HOST_H_
