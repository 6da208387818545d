// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_STATISTICS_CAPTURE_STATISTICS_H_
#define SERVER_CAPTURE_STATISTICS_CAPTURE_STATISTICS_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/io_loop.h"
#include "server/base/principal.h"
#include "server/capture/capture.h"
#include "server/capture/capture_use.h"
#include "server/capture/live_feed.h"
#include "server/engine/worker.h"
#include "server/engine/worker_parent.h"
#include "server/engine/worker_socket.h"
#include "server/rpc/call_context.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// The counts of a capture, from one worker, for any number of watchers. The
// worker ends with this object. Used on the loop's thread only.
class CaptureStatistics
    : public std::enable_shared_from_this<CaptureStatistics>,
      private Worker::Listener {
 public:
  // Not owned; outlives this.
  struct Deps {
    IoLoop* loop;
    WorkerParent* engine;
    LiveFeed::Deps live;
  };

  // Starts a worker with the permit of `context`. Errors: CAPTURE_NOT_FOUND,
  // TOO_MANY_WORKERS.
  static absl::StatusOr<std::shared_ptr<CaptureStatistics>> Start(
      const Deps& deps, CallContext* context, const std::string& capture);

  ~CaptureStatistics() override;
  CaptureStatistics(const CaptureStatistics&) = delete;
  CaptureStatistics& operator=(const CaptureStatistics&) = delete;

  // Receives counts. Its methods are called on the loop's thread, and may
  // remove watchers.
  class Watcher {
   public:
    virtual ~Watcher() = default;
    // Called with counts of packets that were captured at `time`, to within 10
    // ms.
    virtual void OnCounts(absl::Time time, const v1::CaptureCounts& counts) = 0;
    // Called when is_waiting(), is_up_to_date() or end() may have changed.
    virtual void OnChange() = 0;
  };

  // Returns all counts so far.
  const v1::CaptureCounts& counts() const { return counts_; }
  // The number of lost packets; known at the end of the capture.
  uint64_t dropped() const;
  // Whether all packets that dumpcap has announced are counted.
  bool is_waiting() const { return feed_->IsWaiting(); }
  // The time of the newest packets that were counted.
  absl::Time latest() const { return latest_; }
  // Whether all packets captured before the start of this object are counted.
  bool is_up_to_date() const { return up_to_date_; }
  // The final status; absent while counting goes on.
  const std::optional<absl::Status>& end() const { return end_; }

  // Calls the watcher, which is not owned, until Remove.
  void Add(Watcher* watcher) {
    deps_.loop->AssertOnLoop();
    watchers_.insert(watcher);
  }
  void Remove(Watcher* watcher) { watchers_.erase(watcher); }

 private:
  CaptureStatistics(const Deps& deps, std::shared_ptr<Capture> capture,
                    std::shared_ptr<LiveFeed> feed, WorkerLimit::Permit permit)
      : deps_(deps),
        capture_(std::move(capture)),
        use_(capture_),
        feed_(std::move(feed)),
        permit_(std::move(permit)) {}

  absl::Status OnFile(LiveFeed::File file);
  void OnWorkerMessage(const WorkerSocket::Message& message) override;
  void OnWorkerEnd(const WorkerOutcome& outcome) override;
  void OnCounts(const std::string& bytes);
  void OnReadRequest(const std::string& bytes);
  void End(const absl::Status& status);
  // Calls `tell` for each watcher.
  void TellAll(absl::FunctionRef<void(Watcher*)> tell);

  const Deps deps_;
  const std::shared_ptr<Capture> capture_;
  const CaptureUse use_;
  const std::shared_ptr<LiveFeed> feed_;
  WorkerLimit::Permit permit_;
  std::unique_ptr<Worker> worker_;
  v1::CaptureCounts counts_;
  absl::Time latest_ = absl::UnixEpoch();
  bool up_to_date_ = false;
  std::optional<absl::Status> end_;
  std::set<Watcher*> watchers_;
};

// Finds statistics of captures that the same principal already watches, or
// starts new ones. Used on the loop's thread only.
class CaptureStatisticsPool {
 public:
  explicit CaptureStatisticsPool(const CaptureStatistics::Deps& deps)
      : deps_(deps) {}

  // Errors: those of CaptureStatistics::Start.
  absl::StatusOr<std::shared_ptr<CaptureStatistics>> Get(
      CallContext* context, const std::string& capture);

 private:
  const CaptureStatistics::Deps deps_;
  // Indexed by principal and capture.
  std::map<std::pair<Principal, std::string>, std::weak_ptr<CaptureStatistics>>
      known_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_STATISTICS_CAPTURE_STATISTICS_H_
