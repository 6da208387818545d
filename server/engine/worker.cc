// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/worker.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "server/base/errors.h"
#include "server/base/memory_file.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {
namespace {

absl::Status StatusOf(const WorkerEnd& end, uint32_t frame) {
  switch (end.kind) {
    case WorkerEnd::Kind::kNotStarted:
      return errors::WorkerNotStarted(end.value);
    case WorkerEnd::Kind::kEngineDied:
      return errors::EngineDied();
    case WorkerEnd::Kind::kEngineUnavailable:
      return errors::EngineUnavailable();
    case WorkerEnd::Kind::kExited:
    case WorkerEnd::Kind::kSignaled:
      break;
  }
  return errors::WorkerCrashed(Describe(end), frame);
}

bool IsSession(ipc::WorkerKind kind) {
  return kind == ipc::WorkerKind::kSession ||
         kind == ipc::WorkerKind::kLiveSession;
}

// Whether the process may have ended without a status. One that sent a status
// exits with 0.
bool MayHaveCrashed(const WorkerEnd& end) {
  return HadProcess(end) &&
         (end.kind != WorkerEnd::Kind::kExited || end.value != 0);
}

metrics::WorkerEndCause CauseOf(const WorkerEnd& end) {
  using Cause = metrics::WorkerEndCause;
  switch (end.kind) {
    case WorkerEnd::Kind::kNotStarted:
      return Cause::kNotStarted;
    case WorkerEnd::Kind::kEngineDied:
      return Cause::kEngineDied;
    case WorkerEnd::Kind::kEngineUnavailable:
      return Cause::kEngineUnavailable;
    case WorkerEnd::Kind::kExited:
      return end.value == 0 ? Cause::kFinished : Cause::kCrashed;
    case WorkerEnd::Kind::kSignaled:
      break;
  }
  if (end.value == SIGXCPU) return Cause::kOutOfTime;
  return end.value == SIGKILL ? Cause::kKilled : Cause::kCrashed;
}

}  // namespace

bool HadProcess(const WorkerEnd& end) {
  return end.kind == WorkerEnd::Kind::kExited ||
         end.kind == WorkerEnd::Kind::kSignaled;
}

std::string Describe(const WorkerEnd& end) {
  return end.kind == WorkerEnd::Kind::kSignaled
             ? absl::StrCat("signal ", end.value)
             : absl::StrCat("exit status ", end.value);
}

bool WorkerOutcome::crashed() const {
  return end.has_value() && HadProcess(*end);
}

absl::StatusOr<std::unique_ptr<Worker>> Worker::Start(IoLoop* loop,
                                                      WorkerParent* parent,
                                                      Options options,
                                                      Listener* listener) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
    return errors::WorkerNotStarted(errno);
  }
  UniqueFd ours(pair[0]);
  UniqueFd theirs(pair[1]);
  ASSIGN_OR_RETURN(UniqueFd page, MemoryFileOfZeros(ipc::kStatusPageBytes));
  UniqueFd page_of_worker(dup(page.get()));
  if (!page_of_worker.valid()) return errors::WorkerNotStarted(errno);
  // make_unique can't call the private constructor.
  std::unique_ptr<Worker> worker(
      new Worker(parent, options.kind, std::move(page),
                 WorkerSocket(&loop->context(), std::move(ours)), listener));
  if (options.tells_pid || IsSession(options.kind)) {
    worker->socket_.WatchPeer();
  }
  worker->process_ = std::make_shared<Process>();
  worker->process_->driver = worker.get();
  worker->process_->permit = std::move(options.permit);
  metrics::CountWorkerStart(options.kind);
  worker->id_ = parent->StartWorker(
      {options.kind, options.limits, std::move(theirs),
       std::move(page_of_worker), std::move(options.capture)},
      [kind = options.kind, process = worker->process_](const WorkerEnd& end) {
        metrics::CountWorkerEnd(kind,
                                HadProcess(end)
                                    ? process->cause.value_or(CauseOf(end))
                                    : CauseOf(end),
                                end.usage);
        if (process->driver == nullptr || !MayHaveCrashed(end)) {
          process->permit = WorkerLimit::Permit();
        }
        if (process->driver != nullptr) process->driver->OnProcessEnded(end);
      });
  return worker;
}

Worker::~Worker() {
  process_->driver = nullptr;
  socket_.Close();
  if (process_end_.has_value()) return;
  if (!process_->cause.has_value()) {
    process_->cause = ended_ ? metrics::WorkerEndCause::kFinished
                             : metrics::WorkerEndCause::kStopped;
  }
  parent_->KillWorker(id_);
  process_->permit.EndSoon();
}

void Worker::Read() {
  thread_.AssertOnThread();
  if (ended_ || channel_ != Channel::kIdle) return;
  channel_ = Channel::kReading;
  socket_.Read([this](WorkerSocket::ReadResult result,
                      const WorkerSocket::Message& message) {
    OnRead(result, message);
  });
}

void Worker::OnRead(WorkerSocket::ReadResult result,
                    const WorkerSocket::Message& message) {
  thread_.AssertOnThread();
  if (ended_) return;
  if (result == WorkerSocket::ReadResult::kClosed) {
    channel_ = Channel::kClosed;
    return EndIfSilent();
  }
  channel_ = Channel::kIdle;
  if (result != WorkerSocket::ReadResult::kMessage) {
    process_->cause = metrics::WorkerEndCause::kBrokenProtocol;
    return End({errors::WorkerProtocolError()});
  }
  // A worker that answers queries sends a status for each of them.
  if (message.type == ipc::MessageType::kStatus &&
      kind_ != ipc::WorkerKind::kQuery &&
      kind_ != ipc::WorkerKind::kEngineQuery && !IsSession(kind_)) {
    return End({StatusFromWorker(BytesOf(message.payload))});
  }
  listener_->OnWorkerMessage(message);
}

void Worker::OnProcessEnded(const WorkerEnd& end) {
  thread_.AssertOnThread();
  process_end_ = end;
  // Without a process, nothing else closes the channel.
  if (!HadProcess(end)) channel_ = Channel::kClosed;
  EndIfSilent();
}

void Worker::EndIfSilent() {
  if (ended_ || channel_ != Channel::kClosed || !process_end_.has_value()) {
    return;
  }
  WorkerOutcome outcome;
  outcome.end = process_end_;
  if (outcome.crashed()) ReadStatusPage(&outcome);
  outcome.status = StatusOf(*process_end_, outcome.frame);
  // The listener may destroy this object.
  const std::shared_ptr<Process> process = process_;
  End(outcome);
  process->permit = WorkerLimit::Permit();
}

void Worker::End(const WorkerOutcome& outcome) {
  ended_ = true;
  // This comes last, as the listener may destroy the object.
  listener_->OnWorkerEnd(outcome);
}

// Reads the page instead of mapping it, as a broken worker may have truncated
// it.
void Worker::ReadStatusPage(WorkerOutcome* outcome) const {
  alignas(ipc::StatusPage) char bytes[sizeof(ipc::StatusPage)] = {};
  if (pread(status_page_.get(), bytes, sizeof(bytes), 0) !=
      static_cast<ssize_t>(sizeof(bytes))) {
    return;
  }
  const auto number = [&](size_t offset) {
    uint32_t value = 0;
    std::memcpy(&value, bytes + offset, sizeof(value));
    return value;
  };
  outcome->frame = number(offsetof(ipc::StatusPage, frame_number));
  outcome->position = {number(offsetof(ipc::StatusPage, pass)),
                       number(offsetof(ipc::StatusPage, record))};
  outcome->gave_up = number(offsetof(ipc::StatusPage, gave_up)) != 0;
  const char* name = bytes + offsetof(ipc::StatusPage, protocol);
  outcome->protocol = MakeValidUtf8(absl::string_view(
      name, strnlen(name, sizeof(ipc::StatusPage::protocol))));
}

}  // namespace dissectd::server
