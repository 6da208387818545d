// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/spare_forks.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace dissectd::server {
namespace {

constexpr size_t kMaxSpares = 32;

}  // namespace

absl::StatusOr<std::unique_ptr<QueryWorker>> SpareForks::Take(
    const std::shared_ptr<QueryWorker>& parent, WorkerLimit::Permit permit) {
  std::unique_ptr<QueryWorker> fork = Remove(parent.get());
  if (fork == nullptr || !fork->is_idle()) {
    return QueryWorker::StartFork(loop_, parent, std::move(permit));
  }
  fork->GivePermit(std::move(permit));
  return fork;
}

void SpareForks::Prepare(const std::shared_ptr<QueryWorker>& parent) {
  if (!parent->is_idle()) return;
  std::unique_ptr<QueryWorker> fork = Remove(parent.get());
  if (fork == nullptr || !fork->is_idle()) {
    auto started = QueryWorker::StartFork(loop_, parent, WorkerLimit::Permit());
    if (!started.ok()) return;
    fork = *std::move(started);
    // So its end is noticed.
    fork->OnIdleEnd([](const absl::Status&) {});
  }
  if (spares_.size() == kMaxSpares) spares_.erase(spares_.begin());
  spares_.push_back({parent, std::move(fork)});
}

std::unique_ptr<QueryWorker> SpareForks::Remove(const QueryWorker* parent) {
  const auto found = std::find_if(
      spares_.begin(), spares_.end(),
      [=](const Spare& spare) { return spare.parent.get() == parent; });
  if (found == spares_.end()) return nullptr;
  std::unique_ptr<QueryWorker> fork = std::move(found->fork);
  spares_.erase(found);
  return fork;
}

}  // namespace dissectd::server
