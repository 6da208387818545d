// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/live/live_workers.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "server/live/live_request.h"

namespace dissectd::server {

absl::Status LiveWorkers::Join(LiveReader* reader) {
  deps_.loop->AssertOnLoop();
  const std::string key = WorkerKey(reader->principal(), reader->request());
  // Copied, as a worker that admits a reader may already wait.
  const Group group = by_key_[key];
  const auto found = std::find_if(
      group.begin(), group.end(),
      [=](const auto& worker) { return worker->CanAdmit(*reader); });
  if (found != group.end()) {
    (*found)->Admit(reader);
    return absl::OkStatus();
  }
  LiveWorker::Events events;
  events.on_waiting = [this, key](LiveWorker* worker) {
    OnWaiting(key, worker);
  };
  events.on_closed = [this, key](LiveWorker* worker) { Forget(key, worker); };
  absl::StatusOr<std::shared_ptr<LiveWorker>> worker = LiveWorker::Start(
      deps_, reader->request().capture(), std::move(events), reader);
  if (worker.ok()) {
    by_key_[key].push_back(*worker);
  } else if (group.empty()) {
    by_key_.erase(key);
  }
  return worker.status();
}

absl::StatusOr<CaptureUse> LiveWorkers::Use(const std::string& capture) const {
  deps_.loop->AssertOnLoop();
  ASSIGN_OR_RETURN(std::shared_ptr<Capture> found,
                   deps_.feed.captures->Find(capture));
  return CaptureUse(std::move(found));
}

void LiveWorkers::OnWaiting(const std::string& key, LiveWorker* worker) {
  deps_.loop->AssertOnLoop();
  // Copied, as a worker that hands over may close another.
  const Group group = by_key_[key];
  for (const std::shared_ptr<LiveWorker>& other : group) {
    if (other.get() == worker || !other->is_waiting() ||
        !other->IsLike(*worker)) {
      continue;
    }
    // The worker with fewer readers hands over. This worker is alive, as it has
    // just sent a message.
    if (worker->reader_count() >= other->reader_count()) {
      return other->HandOverTo(worker->shared_from_this());
    }
    return worker->HandOverTo(other);
  }
  worker->Resume(NextMeeting(group, *worker));
}

uint64_t LiveWorkers::NextMeeting(const Group& group,
                                  const LiveWorker& worker) {
  uint64_t next = 0;
  if (worker.is_alone()) return next;
  for (const std::shared_ptr<LiveWorker>& other : group) {
    if (other->is_alone() || other->granted() <= worker.position()) continue;
    if (next == 0 || other->granted() < next) next = other->granted();
  }
  return next;
}

void LiveWorkers::Forget(const std::string& key, LiveWorker* worker) {
  deps_.loop->AssertOnLoop();
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  Group& group = found->second;
  group.erase(
      std::remove_if(group.begin(), group.end(),
                     [=](const auto& other) { return other.get() == worker; }),
      group.end());
  if (group.empty()) by_key_.erase(found);
}

}  // namespace dissectd::server
