// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/forking_worker.h"

#include <csignal>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/ipc/struct_bytes.h"
#include "server/base/memory_file.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

absl::Status ForkingWorker::StartParent() {
  if (worker_ != nullptr) return absl::OkStatus();
  Worker::Options options;
  options.kind = ipc::WorkerKind::kQuery;
  ASSIGN_OR_RETURN(options.capture, MemoryFileWith(""));
  ASSIGN_OR_RETURN(worker_,
                   Worker::Start(loop_, parent_, std::move(options), this));
  worker_->Send(ipc::MessageType::kCaptureName, 0, "");
  worker_->Read();
  return absl::OkStatus();
}

uint64_t ForkingWorker::StartWorker(WorkerStart start, EndedFn ended) {
  loop_->AssertOnLoop();
  const ipc::RequestId id = ++last_fork_;
  const absl::Status started = StartParent();
  if (!started.ok()) {
    spdlog::error("can't start a worker: {}", std::string(started.message()));
    loop_->Post([ended = std::move(ended)]() mutable {
      ended({WorkerEnd::Kind::kEngineUnavailable});
    });
    return id;
  }
  forks_[id] = std::move(ended);
  std::vector<UniqueFd> fds;
  fds.push_back(std::move(start.channel));
  fds.push_back(std::move(start.status_page));
  worker_->Send(ipc::MessageType::kStartFork, id, ipc::BytesOf(start.limits),
                std::move(fds));
  return id;
}

void ForkingWorker::KillWorker(uint64_t id) {
  loop_->AssertOnLoop();
  const auto fork = static_cast<ipc::RequestId>(id);
  if (worker_ == nullptr || forks_.count(fork) == 0) return;
  worker_->Send(ipc::MessageType::kCancel, fork, "");
}

void ForkingWorker::OnWorkerMessage(const WorkerSocket::Message& message) {
  const std::string payload = BytesOf(message.payload);
  absl::string_view bytes = payload;
  ipc::ForkEnded ended = {};
  const auto fork = forks_.find(message.request_id);
  if (message.type != ipc::MessageType::kForkEnded || fork == forks_.end() ||
      !ipc::TakeStruct(&bytes, &ended)) {
    spdlog::error("a worker that forks sent an unexpected message of type {}",
                  static_cast<int>(message.type));
    worker_.reset();
    return EndForks({WorkerEnd::Kind::kSignaled, SIGKILL});
  }
  worker_->Read();
  EndedFn callback = std::move(fork->second);
  forks_.erase(fork);
  // This comes last, as it may destroy the object.
  callback(EndOfProcess(ended.pid, ended.wait_status));
}

void ForkingWorker::OnWorkerEnd(const WorkerOutcome& outcome) {
  worker_.reset();
  EndForks(
      outcome.end.value_or(WorkerEnd{WorkerEnd::Kind::kEngineUnavailable}));
}

void ForkingWorker::EndForks(const WorkerEnd& end) {
  std::map<ipc::RequestId, EndedFn> forks = std::exchange(forks_, {});
  for (auto& [id, ended] : forks) ended(end);
}

}  // namespace dissectd::server
