// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/engine_supervisor.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/ipc/control_packet.h"
#include "server/metrics/events.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// The delay before an engine that dies at once is started again.
constexpr std::chrono::milliseconds kFirstRestartDelay(50);
constexpr std::chrono::milliseconds kMaxRestartDelay(5000);
// How long a call waits for an engine that is starting: many times longer than
// that takes, and less than clients give a call.
constexpr std::chrono::seconds kStartTimeout(10);

// How long the engine has to end its workers and itself.
constexpr int kStopTimeoutMs = 5000;

// The descriptor number of the control channel in the engine.
constexpr int kControlFd = 3;

// Makes glibc resolve all functions of libwireshark at the start, instead of in
// every worker that calls one.
constexpr char kBindNow[] = "LD_BIND_NOW=1";
// Makes glibc request huge pages: dissection uses more than a hundred megabytes
// all over, and page faults are expensive on virtual machines.
constexpr char kHugePages[] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";

// Returns the limits, with the general ones in place of those that are missing.
ipc::WorkerLimits LimitsOf(const ipc::WorkerLimits& own,
                           const ipc::WorkerLimits& general) {
  const auto either = [](uint64_t first, uint64_t second) {
    return first == 0 ? second : first;
  };
  return {either(own.address_space_bytes, general.address_space_bytes),
          either(own.processor_seconds, general.processor_seconds),
          either(own.open_files, general.open_files),
          either(own.written_file_bytes, general.written_file_bytes)};
}

}  // namespace

Heartbeat::Options EngineSupervisor::HeartbeatOptions() {
  Heartbeat::Options options;
  options.send_ping = [this] {
    channel_->Send(ipc::MakeControlMessage(ipc::ControlKind::kPing));
  };
  options.on_silence = [this] { OnSilence(); };
  return options;
}

EngineSupervisor::EngineSupervisor(IoLoop* loop, Options options)
    : loop_(loop),
      options_(std::move(options)),
      program_exit_(loop->context()),
      heartbeat_(&loop->context(), HeartbeatOptions()),
      restart_timer_(loop->context()),
      restart_delay_(kFirstRestartDelay) {}

absl::Status EngineSupervisor::Start() {
  loop_->AssertOnLoop();
  return StartProgram();
}

absl::Status EngineSupervisor::StartProgram() {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    return absl::ErrnoToStatus(errno, "can't create a control channel");
  }
  UniqueFd ours(pair[0]);
  const UniqueFd theirs(pair[1]);
  ASSIGN_OR_RETURN(Subprocess program, Spawn(theirs));
  const auto exit = static_cast<int>(syscall(SYS_pidfd_open, program.pid(), 0));
  if (exit < 0) {
    return absl::ErrnoToStatus(errno, "can't watch dissectd-engine");
  }
  program_exit_.assign(exit);
  program_.emplace(std::move(program));
  mismatched_ = false;
  channel_ = ControlSocket::Open(
      &loop_->context(), std::move(ours),
      {[this](const ipc::ControlMessage& message) { OnMessage(message); },
       [this](const absl::Status& error) { OnChannelClosed(error); }});
  return absl::OkStatus();
}

absl::StatusOr<Subprocess> EngineSupervisor::Spawn(const UniqueFd& channel) {
  Command command = {
      options_.program, options_.arguments, {kBindNow, kHugePages}};
  command.arguments.push_back(absl::StrCat("--control-fd=", kControlFd));
  // Workers can't be trusted with any file of the daemon.
  const UniqueFd nothing(open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!nothing.valid()) return absl::ErrnoToStatus(errno, "/dev/null");
  UniqueFd output;
  ASSIGN_OR_RETURN(log_, EngineLog::Open(&loop_->context(), &output));
  return Subprocess::Start(command, {{nothing.get(), STDIN_FILENO},
                                     {output.get(), STDOUT_FILENO},
                                     {output.get(), STDERR_FILENO},
                                     {channel.get(), kControlFd}});
}

void EngineSupervisor::Stop() {
  loop_->AssertOnLoop();
  stopped_ = true;
  ready_ = false;
  restart_timer_.Stop();
  heartbeat_.Stop();
  // The engine kills its workers and exits when its channel closes.
  if (channel_ != nullptr) channel_->Close();
  if (program_.has_value()) EndProgram();
  while (!workers_.empty()) {
    EndWorker(workers_.begin()->first, {WorkerEnd::Kind::kEngineDied});
  }
}

void EngineSupervisor::EndProgram() {
  pollfd exit = {program_exit_.native_handle(), POLLIN, 0};
  if (poll(&exit, 1, kStopTimeoutMs) == 0) {
    spdlog::error("dissectd-engine doesn't end; killing it");
    kill(program_->pid(), SIGKILL);
  }
  program_->Wait();
  program_.reset();
  log_->Finish();
  asio::error_code ignored;
  program_exit_.close(ignored);
}

void EngineSupervisor::OnMessage(const ipc::ControlMessage& message) {
  loop_->AssertOnLoop();
  switch (message.kind) {
    case ipc::ControlKind::kReady:
      OnReady(message);
      return;
    case ipc::ControlKind::kWorkerEnded: {
      WorkerEnd end = EndOfProcess(message.pid, message.wait_status);
      end.usage = message.usage;
      EndWorker(message.worker_id, end);
      return;
    }
    case ipc::ControlKind::kPong:
      heartbeat_.OnAnswer();
      return;
    default:
      spdlog::error("dissectd-engine sent an unexpected message of kind {}",
                    static_cast<uint32_t>(message.kind));
  }
}

void EngineSupervisor::OnReady(const ipc::ControlMessage& message) {
  engine_id_ = ipc::EngineOf(message);
  spdlog::info("dissectd-engine is ready, as process {}, with {}",
               program_->pid(), engine_id_);
  ready_ = true;
  ++times_ready_;
  restart_delay_ = kFirstRestartDelay;
  for (auto& [id, worker] : workers_) SendStart(id, &worker);
  heartbeat_.Start();
  if (options_.on_ready_changed) options_.on_ready_changed(true);
}

// The engine is started again when its channel closes, as after a crash.
void EngineSupervisor::OnSilence() {
  metrics::Count(metrics::Event::kEngineKilledForSilence);
  spdlog::error("dissectd-engine doesn't answer any more; killing it");
  kill(program_->pid(), SIGKILL);
}

void EngineSupervisor::OnChannelClosed(const absl::Status& error) {
  heartbeat_.Stop();
  const bool was_ready = std::exchange(ready_, false);
  mismatched_ = !error.ok();
  if (mismatched_) {
    spdlog::error("dissectd-engine \"{}\" can't be used: {}", options_.program,
                  std::string(error.message()));
  }
  channel_.reset();
  // The engine may have closed its channel without ending.
  kill(program_->pid(), SIGKILL);
  program_exit_.async_wait(asio::posix::stream_descriptor::wait_read,
                           [this](const asio::error_code& cancelled) {
                             // Stop may have waited for it meanwhile.
                             if (cancelled || !program_.has_value()) return;
                             OnProgramEnded();
                           });
  EndWorkersOfEngine();
  if (was_ready && options_.on_ready_changed) options_.on_ready_changed(false);
}

void EngineSupervisor::OnProgramEnded() {
  asio::error_code ignored;
  program_exit_.close(ignored);
  // This doesn't block, as the program has ended.
  const int status = program_->Wait();
  program_.reset();
  log_->Finish();
  const bool failed =
      mismatched_ ||
      (WIFEXITED(status) && WEXITSTATUS(status) == ipc::kCannotInitialise);
  if (times_ready_ == 0 && failed && options_.on_unusable) {
    return GiveUp();
  }
  metrics::Count(metrics::Event::kEngineRestarted);
  spdlog::error("dissectd-engine was ended by {}; starting it again",
                DescribeWaitStatus(status));
  ScheduleRestart();
}

void EngineSupervisor::GiveUp() {
  unusable_ = true;
  spdlog::error("dissectd-engine \"{}\" failed to initialise",
                options_.program);
  options_.on_unusable();
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
  const std::chrono::milliseconds delay = restart_delay_;
  restart_delay_ = std::min(delay * 2, kMaxRestartDelay);
  restart_timer_.Start(delay, [this] {
    const absl::Status started = StartProgram();
    if (started.ok()) return;
    spdlog::error("{}", std::string(started.message()));
    ScheduleRestart();
  });
}

uint64_t EngineSupervisor::StartWorker(WorkerStart start, EndedFn ended) {
  loop_->AssertOnLoop();
  const uint64_t id = ++last_id_;
  Worker* worker = &workers_[id];
  worker->ended = std::move(ended);
  worker->waiting.emplace(std::move(start));
  if (ready_) {
    SendStart(id, worker);
  } else {
    AwaitEngine(id, worker);
  }
  return id;
}

void EngineSupervisor::SendStart(uint64_t id, Worker* worker) {
  worker->timeout.reset();
  WorkerStart start = *std::exchange(worker->waiting, std::nullopt);
  ipc::ControlMessage message =
      ipc::MakeControlMessage(ipc::ControlKind::kStartWorker, id);
  message.worker_kind = start.kind;
  message.limits = LimitsOf(start.limits, options_.worker_limits);
  ipc::SetEngine(engine_id_, &message);
  std::vector<UniqueFd> fds;
  fds.push_back(std::move(start.channel));
  fds.push_back(std::move(start.status_page));
  fds.push_back(std::move(start.capture));
  channel_->Send(message, std::move(fds));
}

void EngineSupervisor::AwaitEngine(uint64_t id, Worker* worker) {
  worker->timeout = std::make_unique<Timer>(loop_->context());
  worker->timeout->Start(
      stopped_ ? std::chrono::seconds(0) : kStartTimeout,
      [this, id] { EndWorker(id, {WorkerEnd::Kind::kEngineUnavailable}); });
}

void EngineSupervisor::KillWorker(uint64_t id) {
  loop_->AssertOnLoop();
  const auto found = workers_.find(id);
  if (found == workers_.end()) return;
  if (found->second.waiting.has_value()) {
    // Posted, as the caller may be in the middle of something.
    loop_->Post([this, id] {
      const auto still = workers_.find(id);
      if (still == workers_.end()) return;
      if (!still->second.waiting.has_value()) return KillWorker(id);
      EndWorker(id, {WorkerEnd::Kind::kSignaled, SIGKILL});
    });
    return;
  }
  // Without a channel, the engine and its workers have ended.
  if (channel_ == nullptr) return;
  channel_->Send(ipc::MakeControlMessage(ipc::ControlKind::kKillWorker, id));
}

void EngineSupervisor::EndWorker(uint64_t id, const WorkerEnd& end) {
  const auto found = workers_.find(id);
  if (found == workers_.end()) return;
  EndedFn ended = std::move(found->second.ended);
  workers_.erase(found);
  ended(end);
}

}  // namespace dissectd::server
