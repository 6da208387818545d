// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/epan_host.h"

#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "spdlog/spdlog.h"

namespace dissectd {
namespace {

// A host that dies at once is not started in a tight loop.
constexpr std::chrono::milliseconds kFirstRestartDelay(50);
constexpr std::chrono::milliseconds kMaxRestartDelay(5000);
// How long a call waits for a host that is being started: many times what that
// takes, and less than clients give a call.
constexpr std::chrono::seconds kStartPatience(10);

// Of the control channel in the program.
constexpr int kControlFd = 3;

// Has glibc find all functions of libwireshark at once, instead of in every
// session that calls one.
constexpr char kBindNow[] = "LD_BIND_NOW=1";
// Has glibc ask the kernel for huge pages: dissection goes all over a hundred
// megabytes and more, and a page fault is expensive on virtual machines.
constexpr char kHugePages[] = "GLIBC_TUNABLES=glibc.malloc.hugetlb=1";

ipc::ControlMessage MessageFor(ipc::ControlKind kind, uint64_t session_id) {
  ipc::ControlMessage message = {};
  message.kind = kind;
  message.session_id = session_id;
  return message;
}

SessionEnd EndOf(const ipc::ControlMessage& message) {
  if (message.pid == 0) {
    return {SessionEnd::Kind::kNotStarted, message.wait_status};
  }
  if (WIFSIGNALED(message.wait_status)) {
    return {SessionEnd::Kind::kSignaled, WTERMSIG(message.wait_status)};
  }
  return {SessionEnd::Kind::kExited, WEXITSTATUS(message.wait_status)};
}

}  // namespace

EpanHost::EpanHost(IoLoop* loop, Options options)
    : loop_(loop),
      options_(std::move(options)),
      restart_timer_(loop->context()),
      restart_delay_(kFirstRestartDelay) {}

absl::Status EpanHost::Start() { return StartProgram(); }

absl::Status EpanHost::StartProgram() {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
    return absl::ErrnoToStatus(errno, "no control channel can be made");
  }
  UniqueFd ours(pair[0]);
  const UniqueFd theirs(pair[1]);
  ProgramCommand command = {
      options_.program, options_.arguments, {kBindNow, kHugePages}};
  command.arguments.push_back(absl::StrCat("--control-fd=", kControlFd));
  ASSIGN_OR_RETURN(ChildProcess program,
                   ChildProcess::Start(command, {{theirs.get(), kControlFd}}));
  program_.emplace(std::move(program));
  channel_ = HostChannel::Open(
      &loop_->context(), std::move(ours),
      {[this](const ipc::ControlMessage& message) { OnMessage(message); },
       [this] { OnHostGone(); }});
  return absl::OkStatus();
}

void EpanHost::Stop() {
  stopped_ = true;
  restart_timer_.cancel();
  // The host kills its sessions and exits when its channel closes.
  if (channel_ != nullptr) channel_->Close();
  if (program_.has_value()) program_->Wait();
  program_.reset();
  while (!sessions_.empty()) {
    EndSession(sessions_.begin()->first, {SessionEnd::Kind::kHostDied});
  }
}

void EpanHost::OnMessage(const ipc::ControlMessage& message) {
  switch (message.kind) {
    case ipc::ControlKind::kReady:
      OnReady();
      return;
    case ipc::ControlKind::kSessionEnded:
      EndSession(message.session_id, EndOf(message));
      return;
    default:
      spdlog::error("epan-host sent an unexpected message of kind {}",
                    static_cast<uint32_t>(message.kind));
  }
}

void EpanHost::OnReady() {
  spdlog::info("epan-host is ready, as process {}", program_->pid());
  ready_ = true;
  was_ready_ = true;
  restart_delay_ = kFirstRestartDelay;
  for (auto& [id, session] : sessions_) TellHost(id, &session);
  if (options_.on_ready_changed) options_.on_ready_changed(true);
}

void EpanHost::OnHostGone() {
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
  spdlog::error("epan-host was ended by {}; starting it again",
                DescribeWaitStatus(status));
  EndSessionsOfHost();
  if (was_ready && options_.on_ready_changed) options_.on_ready_changed(false);
  ScheduleRestart();
}

void EpanHost::EndSessionsOfHost() {
  std::vector<uint64_t> lost;
  for (const auto& [id, session] : sessions_) {
    if (!session.waiting.has_value()) lost.push_back(id);
  }
  for (const uint64_t id : lost) {
    EndSession(id, {SessionEnd::Kind::kHostDied});
  }
}

void EpanHost::ScheduleRestart() {
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

uint64_t EpanHost::StartSession(SessionDescriptors descriptors, EndedFn ended) {
  const uint64_t id = ++last_id_;
  Session* session = &sessions_[id];
  session->ended = std::move(ended);
  session->waiting.emplace(std::move(descriptors));
  if (ready_) {
    TellHost(id, session);
  } else {
    AwaitHost(id, session);
  }
  return id;
}

void EpanHost::TellHost(uint64_t id, Session* session) {
  session->patience.reset();
  std::vector<UniqueFd> fds;
  fds.push_back(std::move(session->waiting->channel));
  fds.push_back(std::move(session->waiting->status_page));
  fds.push_back(std::move(session->waiting->capture));
  session->waiting.reset();
  channel_->Send(MessageFor(ipc::ControlKind::kStartSession, id),
                 std::move(fds));
}

void EpanHost::AwaitHost(uint64_t id, Session* session) {
  session->patience =
      std::make_unique<asio::steady_timer>(loop_->context(), kStartPatience);
  session->patience->async_wait([this, id](const asio::error_code& error) {
    if (!error) EndSession(id, {SessionEnd::Kind::kHostUnavailable});
  });
}

void EpanHost::KillSession(uint64_t id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  if (found->second.waiting.has_value()) {
    // Not at once: the caller may be in the middle of something.
    loop_->Post([this, id] {
      const auto still = sessions_.find(id);
      if (still == sessions_.end()) return;
      if (!still->second.waiting.has_value()) return KillSession(id);
      EndSession(id, {SessionEnd::Kind::kSignaled, SIGKILL});
    });
    return;
  }
  channel_->Send(MessageFor(ipc::ControlKind::kKillSession, id));
}

void EpanHost::EndSession(uint64_t id, const SessionEnd& end) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;
  EndedFn ended = std::move(found->second.ended);
  sessions_.erase(found);
  ended(end);
}

}  // namespace dissectd
