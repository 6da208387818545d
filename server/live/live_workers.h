// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_WORKERS_H_
#define SERVER_LIVE_LIVE_WORKERS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/capture/capture_use.h"
#include "server/live/live_reader.h"
#include "server/live/live_worker.h"

namespace dissectd::server {

// All workers that follow live captures, by WorkerKey. A reader joins an
// existing worker if possible. Otherwise starts a worker, which is merged with
// a compatible one once both wait at the same frame. Used on the loop's thread
// only.
class LiveWorkers {
 public:
  explicit LiveWorkers(const LiveWorker::Deps& deps) : deps_(deps) {}
  LiveWorkers(const LiveWorkers&) = delete;
  LiveWorkers& operator=(const LiveWorkers&) = delete;

  // Finds or starts a worker for the reader, which is notified by OnWorker.
  // Errors: CAPTURE_NOT_FOUND.
  absl::Status Join(LiveReader* reader);

  // Returns a use of the capture. Errors: CAPTURE_NOT_FOUND.
  absl::StatusOr<CaptureUse> Use(const std::string& capture) const;

  // Returns the number of frames of the capture so far. Errors:
  // CAPTURE_NOT_FOUND.
  absl::StatusOr<uint32_t> FramesSoFar(const std::string& capture) const {
    return LiveWorker::FramesSoFar(deps_, capture);
  }

 private:
  using Group = std::vector<std::shared_ptr<LiveWorker>>;

  void OnWaiting(const std::string& key, LiveWorker* worker);
  void Forget(const std::string& key, LiveWorker* worker);
  // Returns where the worker should stop next to meet another one that is
  // ahead.
  static uint64_t NextMeeting(const Group& group, const LiveWorker& worker);

  const LiveWorker::Deps deps_;
  std::map<std::string, Group> by_key_;
};

}  // namespace dissectd::server

#endif  // SERVER_LIVE_LIVE_WORKERS_H_
