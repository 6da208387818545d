// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/file_queue.h"

#include <asio/post.hpp>
#include <optional>

#include "server/base/errors.h"
#include "server/base/limits.h"

namespace dissectd::server {

void FileQueue::Begin(std::shared_ptr<Call> call, Step step) {
  const std::string& caller = call->context()->info().share_key;
  std::optional<Step> refused;
  std::vector<Queue::Turn> turns;
  {
    const absl::MutexLock lock(&mutex_);
    if (waiting_.WaitingOf(caller) < kMaxWaitingFileCalls) {
      waiting_.Push(caller, {std::move(call), true, std::move(step)});
      turns = TakeTurns();
    } else {
      refused = std::move(step);
    }
  }
  if (refused.has_value()) {
    (*refused)(errors::TooManyFileCalls(kMaxWaitingFileCalls));
  }
  Start(std::move(turns));
}

void FileQueue::Continue(std::shared_ptr<Call> call, Step step) {
  const std::string& caller = call->context()->info().share_key;
  std::vector<Queue::Turn> turns;
  {
    const absl::MutexLock lock(&mutex_);
    waiting_.Push(caller, {std::move(call), false, std::move(step)});
    turns = TakeTurns();
  }
  Start(std::move(turns));
}

std::vector<FileQueue::Queue::Turn> FileQueue::TakeTurns() {
  std::vector<Queue::Turn> turns;
  while (std::optional<Queue::Turn> turn = waiting_.Next()) {
    turn->item.wait.End(metrics::Queue::kFiles);
    turns.push_back(*std::move(turn));
  }
  return turns;
}

void FileQueue::Start(std::vector<Queue::Turn> turns) {
  for (Queue::Turn& turn : turns) {
    asio::post(*pool_, [this, turn = std::move(turn)]() mutable {
      Run(std::move(turn.item));
      OnDone(turn.caller);
    });
  }
}

void FileQueue::Run(Waiting waiting) {
  const CallContext& context = *waiting.call->context();
  const bool dropped = waiting.is_first && context.is_abandoned();
  waiting.step(dropped ? context.CancelledStatus() : absl::OkStatus());
  // Calls are destroyed on the loop's thread.
  loop_->Post([call = std::move(waiting.call)] {});
}

void FileQueue::OnDone(const std::string& caller) {
  std::vector<Queue::Turn> turns;
  {
    const absl::MutexLock lock(&mutex_);
    waiting_.Release(caller);
    turns = TakeTurns();
  }
  Start(std::move(turns));
}

}  // namespace dissectd::server
