// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/engine_supervisor.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// A engine that dies at once is not started in a tight loop.
constexpr std::chrono::milliseconds kFirstRestartDelay(50);
constexpr std::chrono::milliseconds kMaxRestartDelay(5000);
// How long a call waits for a engine that is being started: many times what
// that takes, and less than clients give a call.
constexpr std::chrono::seconds kStartTimeout(10);

// Of the control channel in the program.
constexpr int kControlFd = 3;

// Has glibc find all functions of libwireshark at once, instead of in every
// worker that calls one.
constexpr char kBindNow[] = "LD_BIND_NOW=1";
// Has glibc ask the kernel for huge pages: dissection goes all over a hundred
// megabytes and more, and a page fault is expensive on virtual machines.
constexpr char kHugePages[] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";

ipc::ControlMessage MessageFor(ipc::ControlKind kind, uint64_t worker_id) {
  ipc::ControlMessage message = {};
  message.kind = kind;
  message.worker_id = worker_id;
  return message;
}

WorkerEnd EndOf(const ipc::ControlMessage& message) {
  if (message.pid == 0) {
    return {WorkerEnd::Kind::kNotStarted, message.wait_status};
  }
  if (WIFSIGNALED(message.wait_status)) {
    return {WorkerEnd::Kind::kSignaled, WTERMSIG(message.wait_status)};
  }
  return {WorkerEnd::Kind::kExited, WEXITSTATUS(message.wait_status)};
}

}  // namespace

EngineSupervisor::EngineSupervisor(IoLoop* loop, Options options)
    : loop_(loop),
      options_(std::move(options)),
      restart_timer_(loop->context()),
      restart_delay_(kFirstRestartDelay) {}

absl::Status EngineSupervisor::Start() { return StartProgram(); }

absl::Status EngineSupervisor::StartProgram() {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    return absl::ErrnoToStatus(errno, "no control channel can be made");
  }
  UniqueFd ours(pair[0]);
  const UniqueFd theirs(pair[1]);
  Command command = {
      options_.program, options_.arguments, {kBindNow, kHugePages}};
  command.arguments.push_back(absl::StrCat("--control-fd=", kControlFd));
  ASSIGN_OR_RETURN(Subprocess program,
                   Subprocess::Start(command, {{theirs.get(), kControlFd}}));
  program_.emplace(std::move(program));
  channel_ = ControlSocket::Open(
      &loop_->context(), std::move(ours),
      {[this](const ipc::ControlMessage& message) { OnMessage(message); },
       [this] { OnEngineGone(); }});
  return absl::OkStatus();
}

void EngineSupervisor::Stop() {
  loop_->AssertOnLoop();
  stopped_ = true;
  restart_timer_.cancel();
  // The engine kills its workers and exits when its channel closes.
  if (channel_ != nullptr) channel_->Close();
  if (program_.has_value()) program_->Wait();
  program_.reset();
  while (!workers_.empty()) {
    EndWorker(workers_.begin()->first, {WorkerEnd::Kind::kEngineDied});
  }
}

void EngineSupervisor::OnMessage(const ipc::ControlMessage& message) {
  loop_->AssertOnLoop();
  switch (message.kind) {
    case ipc::ControlKind::kReady:
      OnReady();
      return;
    case ipc::ControlKind::kWorkerEnded:
      EndWorker(message.worker_id, EndOf(message));
      return;
    default:
      spdlog::error("dissectd-engine sent an unexpected message of kind {}",
                    static_cast<uint32_t>(message.kind));
  }
}

void EngineSupervisor::OnReady() {
  spdlog::info("dissectd-engine is ready, as process {}", program_->pid());
  ready_ = true;
  was_ready_ = true;
  restart_delay_ = kFirstRestartDelay;
  for (auto& [id, worker] : workers_) SendStart(id, &worker);
  if (options_.on_ready_changed) options_.on_ready_changed(true);
}

void EngineSupervisor::OnEngineGone() {
  const bool was_ready = ready_;
  ready_ = false;
  channel_.reset();
  // It may have closed its channel without ending.
  kill(program_->pid(), SIGKILL);
  const int status = program_->Wait();
  program_.reset();
  if (!was_ready_ && WIFEXITED(status) &&
      WEXITSTATUS(status) == ipc::kCannotInitialise && options_.on_unusable) {
    return options_.on_unusable();
  }
  spdlog::error("dissectd-engine was ended by {}; starting it again",
                DescribeWaitStatus(status));
  EndWorkersOfEngine();
  if (was_ready && options_.on_ready_changed) options_.on_ready_changed(false);
  ScheduleRestart();
}

void EngineSupervisor::EndWorkersOfEngine() {
  std::vector<uint64_t> lost;
  for (const auto& [id, worker] : workers_) {
    if (!worker.waiting.has_value()) lost.push_back(id);
  }
  for (const uint64_t id : lost) {
    EndWorker(id, {WorkerEnd::Kind::kEngineDied});
  }
}

void EngineSupervisor::ScheduleRestart() {
  restart_timer_.expires_after(restart_delay_);
  restart_delay_ = std::min(restart_delay_ * 2, kMaxRestartDelay);
  restart_timer_.async_wait([this](const asio::error_code& error) {
    if (error || stopped_) return;
    const absl::Status started = StartProgram();
    if (started.ok()) return;
    spdlog::error("{}", std::string(started.message()));
    ScheduleRestart();
  });
}

uint64_t EngineSupervisor::StartWorker(WorkerDescriptors descriptors,
                                       EndedFn ended) {
  loop_->AssertOnLoop();
  const uint64_t id = ++last_id_;
  Worker* worker = &workers_[id];
  worker->ended = std::move(ended);
  worker->waiting.emplace(std::move(descriptors));
  if (ready_) {
    SendStart(id, worker);
  } else {
    AwaitEngine(id, worker);
  }
  return id;
}

void EngineSupervisor::SendStart(uint64_t id, Worker* worker) {
  worker->timeout.reset();
  std::vector<UniqueFd> fds;
  fds.push_back(std::move(worker->waiting->channel));
  fds.push_back(std::move(worker->waiting->status_page));
  fds.push_back(std::move(worker->waiting->capture));
  worker->waiting.reset();
  channel_->Send(MessageFor(ipc::ControlKind::kStartWorker, id),
                 std::move(fds));
}

void EngineSupervisor::AwaitEngine(uint64_t id, Worker* worker) {
  worker->timeout =
      std::make_unique<asio::steady_timer>(loop_->context(), kStartTimeout);
  worker->timeout->async_wait([this, id](const asio::error_code& error) {
    if (!error) EndWorker(id, {WorkerEnd::Kind::kEngineUnavailable});
  });
}

void EngineSupervisor::KillWorker(uint64_t id) {
  const auto found = workers_.find(id);
  if (found == workers_.end()) return;
  if (found->second.waiting.has_value()) {
    // Not at once: the caller may be in the middle of something.
    loop_->Post([this, id] {
      const auto still = workers_.find(id);
      if (still == workers_.end()) return;
      if (!still->second.waiting.has_value()) return KillWorker(id);
      EndWorker(id, {WorkerEnd::Kind::kSignaled, SIGKILL});
    });
    return;
  }
  channel_->Send(MessageFor(ipc::ControlKind::kKillWorker, id));
}

void EngineSupervisor::EndWorker(uint64_t id, const WorkerEnd& end) {
  const auto found = workers_.find(id);
  if (found == workers_.end()) return;
  EndedFn ended = std::move(found->second.ended);
  workers_.erase(found);
  ended(end);
}

}  // namespace dissectd::server
