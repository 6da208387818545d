// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_STATISTICS_CAPTURE_STATISTICS_H_
#define SERVER_CAPTURE_STATISTICS_CAPTURE_STATISTICS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/io_loop.h"
#include "server/base/principal.h"
#include "server/base/subscribers.h"
#include "server/capture/live_feed.h"
#include "server/engine/engine_supervisor.h"
#include "server/engine/worker.h"
#include "server/engine/worker_socket.h"
#include "server/rpc/call_context.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// The counts of one capture, by one worker, for all who want to know them.
// Ends its worker when the last of them is gone. Used on the loop's thread
// only.
class CaptureStatistics
    : public std::enable_shared_from_this<CaptureStatistics>,
      private Worker::Listener {
 public:
  // Not owned; outlives this.
  struct Deps {
    IoLoop* loop;
    EngineSupervisor* engine;
    LiveFeed::Deps live;
  };

  // Begins with a worker that `context` has a permit for. Errors:
  // CAPTURE_NOT_FOUND, TOO_MANY_WORKERS.
  static absl::StatusOr<std::shared_ptr<CaptureStatistics>> Start(
      const Deps& deps, CallContext* context, const std::string& capture);

  ~CaptureStatistics() override;
  CaptureStatistics(const CaptureStatistics&) = delete;
  CaptureStatistics& operator=(const CaptureStatistics&) = delete;

  // All that was counted so far.
  v1::CaptureCounts counts() const;
  // Whether all that was captured before this began is counted.
  bool is_up_to_date() const { return up_to_date_; }
  // How it ended; absent while it goes on.
  const std::optional<absl::Status>& end() const { return end_; }

  // Calls `changed` when it is up to date, and when it ends, until Unsubscribe.
  uint64_t Subscribe(std::function<void()> changed) {
    return subscribers_.Add(std::move(changed));
  }
  void Unsubscribe(uint64_t subscription) { subscribers_.Remove(subscription); }

 private:
  CaptureStatistics(const Deps& deps, std::shared_ptr<Capture> capture,
                    std::shared_ptr<LiveFeed> feed, WorkerLimit::Permit permit)
      : deps_(deps),
        capture_(std::move(capture)),
        feed_(std::move(feed)),
        permit_(std::move(permit)) {}

  absl::Status OnFile(LiveFeed::File file);
  void OnWorkerMessage(const WorkerSocket::Message& message) override;
  void OnWorkerEnd(const WorkerOutcome& outcome) override;
  void OnCounts(const std::string& bytes);
  void OnReadRequest(const std::string& bytes);
  void End(const absl::Status& status);

  const Deps deps_;
  const std::shared_ptr<Capture> capture_;
  const std::shared_ptr<LiveFeed> feed_;
  WorkerLimit::Permit permit_;
  std::unique_ptr<Worker> worker_;
  v1::CaptureCounts counts_;
  bool up_to_date_ = false;
  std::optional<absl::Status> end_;
  Subscribers subscribers_;
};

// Finds the statistics of captures that the same principal watches already.
class CaptureStatisticsPool {
 public:
  explicit CaptureStatisticsPool(const CaptureStatistics::Deps& deps)
      : deps_(deps) {}

  // Errors: those of CaptureStatistics::Start.
  absl::StatusOr<std::shared_ptr<CaptureStatistics>> Get(
      CallContext* context, const std::string& capture);

 private:
  const CaptureStatistics::Deps deps_;
  // By principal and capture.
  std::map<std::pair<Principal, std::string>, std::weak_ptr<CaptureStatistics>>
      known_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_STATISTICS_CAPTURE_STATISTICS_H_
