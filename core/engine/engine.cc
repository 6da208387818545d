// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/engine.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/named_path.h"
#include "core/base/status_macros.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

sigset_t ChildSignal() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGCHLD);
  return set;
}

void CloseAll(const std::vector<int>& fds) {
  for (const int fd : fds) close(fd);
}

ipc::ControlMessage EndedMessage(uint64_t id, pid_t pid, int wait_status) {
  ipc::ControlMessage message = {};
  message.kind = ipc::ControlKind::kWorkerEnded;
  message.worker_id = id;
  message.pid = pid;
  message.wait_status = wait_status;
  return message;
}

}  // namespace

Engine::Engine(int control_fd, const WorkerPolicy& policy, Epan* epan)
    : control_(control_fd), policy_(policy), epan_(epan) {
  const sigset_t child = ChildSignal();
  sigprocmask(SIG_BLOCK, &child, nullptr);
  // Pass workers of a worker that was killed end here, not with the first
  // process of the machine or container, which may not expect them.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  signal_fd_ = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

Engine::~Engine() {
  for (const auto& [pid, id] : ids_by_pid_) kill(pid, SIGKILL);
  for (const auto& [pid, id] : ids_by_pid_) waitpid(pid, nullptr, 0);
  if (signal_fd_ >= 0) close(signal_fd_);
}

absl::Status Engine::Run() {
  if (signal_fd_ < 0) return absl::InternalError("no signalfd can be made");
  ipc::ControlMessage ready = {};
  ready.kind = ipc::ControlKind::kReady;
  RETURN_IF_ERROR(control_.Send(ready));
  bool closed = false;
  while (!closed) {
    pollfd fds[] = {{control_.fd(), POLLIN, 0}, {signal_fd_, POLLIN, 0}};
    if (poll(fds, 2, -1) < 0) {
      if (errno == EINTR) continue;
      return absl::InternalError(absl::StrCat("poll: ", std::strerror(errno)));
    }
    if (fds[1].revents != 0) RETURN_IF_ERROR(ReapWorkers());
    if (fds[0].revents != 0) RETURN_IF_ERROR(HandleControl(&closed));
  }
  return absl::OkStatus();
}

absl::Status Engine::HandleControl(bool* closed) {
  ASSIGN_OR_RETURN(std::optional<ControlChannel::Received> received,
                   control_.Receive());
  if (!received.has_value()) {
    *closed = true;
    return absl::OkStatus();
  }
  const ipc::ControlMessage& message = received->message;
  if (message.kind == ipc::ControlKind::kKillWorker) {
    KillWorker(message.worker_id);
  } else if (message.kind == ipc::ControlKind::kStartWorker &&
             received->fds.size() == ipc::kStartWorkerFds) {
    StartWorker(message.worker_id,
                {received->fds[0], received->fds[1], received->fds[2]});
  } else {
    spdlog::error("an unexpected control message came from dissectd");
  }
  CloseAll(received->fds);
  return absl::OkStatus();
}

void Engine::StartWorker(uint64_t id, const WorkerFds& fds) {
  const pid_t engine = getpid();
  const pid_t pid = fork();
  if (pid == 0) BecomeWorker(fds, engine);
  if (pid < 0) {
    const int error = errno;
    spdlog::error("no worker can be forked: {}", std::strerror(error));
    const absl::Status sent = control_.Send(EndedMessage(id, 0, error));
    if (!sent.ok()) spdlog::error("{}", std::string(sent.message()));
    return;
  }
  ids_by_pid_[pid] = id;
  pids_by_id_[id] = pid;
}

void Engine::BecomeWorker(const WorkerFds& fds, pid_t engine) {
  // Without its engine a worker has no one to report its end.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != engine) _exit(1);
  close(control_.fd());
  close(signal_fd_);
  const sigset_t child = ChildSignal();
  sigprocmask(SIG_UNBLOCK, &child, nullptr);
  WorkerPolicy policy = policy_;
  // Pass workers are for cores that other workers leave idle.
  const auto workers = static_cast<uint32_t>(ids_by_pid_.size()) + 1;
  policy.pass_workers = std::max(1u, policy.pass_workers / workers);
  RunWorker(fds, policy, epan_);
}

void Engine::KillWorker(uint64_t id) {
  const auto found = pids_by_id_.find(id);
  // It may have ended on its own meanwhile.
  if (found != pids_by_id_.end()) kill(found->second, SIGKILL);
}

absl::Status Engine::ReapWorkers() {
  signalfd_siginfo info;
  while (read(signal_fd_, &info, sizeof(info)) > 0) {
  }
  int wait_status = 0;
  pid_t pid;
  while ((pid = waitpid(-1, &wait_status, WNOHANG)) > 0) {
    const auto found = ids_by_pid_.find(pid);
    if (found == ids_by_pid_.end()) continue;
    const uint64_t id = found->second;
    ids_by_pid_.erase(found);
    RemoveNamedPathOf(pid);
    pids_by_id_.erase(id);
    RETURN_IF_ERROR(control_.Send(EndedMessage(id, pid, wait_status)));
  }
  return absl::OkStatus();
}

}  // namespace dissectd::engine
