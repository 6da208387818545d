// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/worker/forks.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>

#include "core/base/private_folder.h"

namespace dissectd::engine {
namespace {

sigset_t ChildSignal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return set;
}

// Kills what the leader of a process group has left behind. Has no effect if
// the process leads none.
void KillGroup(pid_t leader) { kill(-leader, SIGKILL); }

uint64_t MicrosecondsOf(const timeval& time) {
  constexpr uint64_t kPerSecond = 1'000'000;
  return static_cast<uint64_t>(time.tv_sec) * kPerSecond +
         static_cast<uint64_t>(time.tv_usec);
}

ipc::ProcessUsage UsageOf(const rusage& usage) {
  constexpr uint64_t kBytesPerKib = 1024;
  return {MicrosecondsOf(usage.ru_utime) + MicrosecondsOf(usage.ru_stime),
          static_cast<uint64_t>(usage.ru_maxrss) * kBytesPerKib};
}

// Returns a child process that has ended, without reaping it; 0 if there is
// none.
pid_t NextEnded() {
  siginfo_t info = {};
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0 ? info.si_pid
                                                                   : 0;
}

}  // namespace

Forks::Forks() {
  const sigset_t child = ChildSignal();
  sigprocmask(SIG_BLOCK, &child, nullptr);
  signal_fd_ = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

Forks::~Forks() {
  KillAll();
  if (signal_fd_ >= 0) close(signal_fd_);
}

pid_t Forks::Fork(uint64_t id) {
  const pid_t parent = getpid();
  const pid_t pid = fork();
  if (pid == 0) {
    // A fork must not outlive its parent, which reports its end.
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    close(signal_fd_);
    signal_fd_ = -1;
    ids_by_pid_.clear();
    pids_by_id_.clear();
    const sigset_t child = ChildSignal();
    sigprocmask(SIG_UNBLOCK, &child, nullptr);
  } else if (pid > 0) {
    ids_by_pid_[pid] = id;
    pids_by_id_[id] = pid;
  }
  return pid;
}

void Forks::Kill(uint64_t id) {
  const auto found = pids_by_id_.find(id);
  if (found != pids_by_id_.end()) kill(found->second, SIGKILL);
}

void Forks::KillAll() {
  for (const auto& [pid, id] : ids_by_pid_) {
    kill(pid, SIGKILL);
    KillGroup(pid);
  }
  for (const auto& [pid, id] : ids_by_pid_) {
    waitpid(pid, nullptr, 0);
    RemovePrivateFolder(pid);
  }
  ids_by_pid_.clear();
  pids_by_id_.clear();
}

std::vector<Forks::Ended> Forks::Reap() {
  signalfd_siginfo info;
  while (read(signal_fd_, &info, sizeof(info)) > 0) {
  }
  std::vector<Ended> ended;
  while (const pid_t pid = NextEnded()) {
    // The group can't be another one's until the process is reaped.
    KillGroup(pid);
    int wait_status = 0;
    rusage usage = {};
    wait4(pid, &wait_status, 0, &usage);
    RemovePrivateFolder(pid);
    const auto found = ids_by_pid_.find(pid);
    // Descendants of dead processes are reaped here as well.
    if (found == ids_by_pid_.end()) continue;
    ended.push_back({found->second, pid, wait_status, UsageOf(usage)});
    pids_by_id_.erase(found->second);
    ids_by_pid_.erase(found);
  }
  return ended;
}

}  // namespace dissectd::engine
