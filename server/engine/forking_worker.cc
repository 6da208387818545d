// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/engine/forking_worker.h"

#include <csignal>
#include <optional>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "server/base/memory_file.h"
#include "server/metrics/events.h"
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
  const absl::Status started = StartParent();
  if (!started.ok()) {
    metrics::Count(metrics::Event::kQueryWorkerNotStarted);
    spdlog::error("can't start a worker: {}", std::string(started.message()));
    loop_->Post([ended = std::move(ended)]() mutable {
      ended({WorkerEnd::Kind::kEngineUnavailable});
    });
    return forks_.NewId();
  }
  return forks_.Start(worker_.get(), std::move(start), std::move(ended));
}

void ForkingWorker::KillWorker(uint64_t id) {
  loop_->AssertOnLoop();
  if (worker_ != nullptr) forks_.Kill(worker_.get(), id);
}

void ForkingWorker::OnWorkerMessage(const WorkerSocket::Message& message) {
  std::optional<ForkTable::Ended> ended = forks_.TakeEnded(message);
  if (!ended.has_value()) {
    spdlog::error("a worker that forks sent an unexpected message of type {}",
                  static_cast<int>(message.type));
    worker_.reset();
    return forks_.EndAll({WorkerEnd::Kind::kSignaled, SIGKILL});
  }
  worker_->Read();
  // This comes last, as it may destroy the object.
  ended->report(ended->end);
}

void ForkingWorker::OnWorkerEnd(const WorkerOutcome& outcome) {
  worker_.reset();
  forks_.EndAll(
      outcome.end.value_or(WorkerEnd{WorkerEnd::Kind::kEngineUnavailable}));
}

}  // namespace dissectd::server
