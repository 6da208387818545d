// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/engine/engine.h"

#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/private_folder.h"
#include "core/base/status_macros.h"
#include "core/ipc/control_packet.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

// The processes of an engine that was killed may still be ending when this one
// starts, so that it looks for their folders again when it has had nothing to
// do for a while.
constexpr int kSweepTimeoutMs = 3000;

void CloseAll(const std::vector<int>& fds) {
  for (const int fd : fds) close(fd);
}

ipc::ControlMessage EndedMessage(const Forks::Ended& worker) {
  ipc::ControlMessage message =
      ipc::MakeControlMessage(ipc::ControlKind::kWorkerEnded, worker.id);
  message.pid = worker.pid;
  message.wait_status = worker.wait_status;
  message.usage = worker.usage;
  return message;
}

}  // namespace

Engine::Engine(int control_fd, std::string id, const WorkerPolicy& policy,
               Epan* epan)
    : control_(control_fd), id_(std::move(id)), policy_(policy), epan_(epan) {
  // Orphaned forks of killed workers are reaped here, not by the first process
  // of the machine or container, which may not expect them.
  prctl(PR_SET_CHILD_SUBREAPER, 1);
}

absl::Status Engine::Run() {
  if (workers_.fd() < 0) return absl::InternalError("can't create a signalfd");
  ipc::ControlMessage ready = ipc::MakeControlMessage(ipc::ControlKind::kReady);
  ipc::SetEngine(id_, &ready);
  RETURN_IF_ERROR(control_.Send(ready));
  bool closed = false;
  int timeout_ms = kSweepTimeoutMs;
  while (!closed) {
    pollfd fds[] = {{control_.fd(), POLLIN, 0}, {workers_.fd(), POLLIN, 0}};
    const int ready_fds = poll(fds, 2, timeout_ms);
    if (ready_fds < 0) {
      if (errno == EINTR) continue;
      return absl::InternalError(absl::StrCat("poll: ", std::strerror(errno)));
    }
    if (ready_fds == 0) {
      RemoveFoldersOfDeadEngines();
      timeout_ms = -1;
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
  absl::Status handled;
  if (message.kind == ipc::ControlKind::kKillWorker) {
    // The worker may have ended by itself meanwhile.
    workers_.Kill(message.worker_id);
  } else if (message.kind == ipc::ControlKind::kPing) {
    handled = control_.Send(ipc::MakeControlMessage(ipc::ControlKind::kPong));
  } else if (message.kind == ipc::ControlKind::kStartWorker &&
             received->fds.size() == ipc::kStartWorkerFds) {
    handled = StartWorker(
        message, {received->fds[0], received->fds[1], received->fds[2]});
  } else {
    spdlog::error("an unexpected control message came from dissectd");
  }
  CloseAll(received->fds);
  return handled;
}

absl::Status Engine::StartWorker(const ipc::ControlMessage& message,
                                 const WorkerFds& fds) {
  int error = 0;
  if (ipc::EngineOf(message) == id_) {
    const auto workers = static_cast<uint32_t>(workers_.size()) + 1;
    const pid_t pid = workers_.Fork(message.worker_id);
    if (pid == 0) {
      BecomeWorker({message.worker_kind, message.limits, fds}, workers);
    }
    if (pid > 0) return absl::OkStatus();
    error = errno;
    spdlog::error("can't fork a worker: {}", std::strerror(error));
  } else {
    error = EINVAL;
    spdlog::error("dissectd requested a worker of \"{}\", but this is \"{}\"",
                  ipc::EngineOf(message), id_);
  }
  return control_.Send(EndedMessage({message.worker_id, 0, error, {}}));
}

void Engine::BecomeWorker(const WorkerStart& start, uint32_t workers) {
  // A group of its own, so that nothing that it starts outlives it.
  setpgid(0, 0);
  close(control_.fd());
  LeaveEngineFolder();
  WorkerPolicy policy = policy_;
  // Pass workers use cores that other workers leave idle.
  policy.pass_workers = std::max(1u, policy.pass_workers / workers);
  RunWorker(start, policy, epan_);
}

absl::Status Engine::ReapWorkers() {
  for (const Forks::Ended& worker : workers_.Reap()) {
    RETURN_IF_ERROR(control_.Send(EndedMessage(worker)));
  }
  return absl::OkStatus();
}

}  // namespace dissectd::engine
