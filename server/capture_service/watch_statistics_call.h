// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SERVICE_WATCH_STATISTICS_CALL_H_
#define SERVER_CAPTURE_SERVICE_WATCH_STATISTICS_CALL_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/capture_statistics/capture_statistics.h"
#include "server/capture_statistics/interval_counts.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A call of CaptureService.WatchCaptureStatistics. Sends an interval once all
// its packets have arrived. A client that reads slowly gets longer intervals.
class WatchStatisticsCall : public StreamingCall,
                            private CaptureStatistics::Watcher {
 public:
  // `loop` and `pool` are not owned and outlive the call.
  static WatchStatisticsCall* Create(
      IoLoop* loop, CaptureStatisticsPool* pool,
      std::unique_ptr<CallContext> context,
      const v1::WatchCaptureStatisticsRequest& request);

 private:
  WatchStatisticsCall(IoLoop* loop, std::unique_ptr<CallContext> context)
      : StreamingCall(loop, std::move(context)), timer_(loop->context()) {}

  absl::Status Start(CaptureStatisticsPool* pool,
                     const v1::WatchCaptureStatisticsRequest& request);
  void OnCounts(absl::Time time, const v1::CaptureCounts& counts) override;
  void OnChange() override;
  // Begins the first interval when all earlier packets are counted.
  void BeginIntervals();
  // Whether all packets of the oldest interval have arrived.
  bool IsComplete(absl::Time now) const;
  void AwaitInterval(absl::Time now);
  // Sends the rest of a capture that has ended.
  void WriteRest(absl::Time now);
  void WriteInterval(v1::WatchCaptureStatisticsResponse response);
  bool is_live() const override { return true; }
  void DoNext() override;
  void OnFinish() override;

  std::shared_ptr<CaptureStatistics> statistics_;
  Timer timer_;
  absl::Duration interval_;
  size_t top_ = 0;
  // Present once the first interval has begun.
  std::optional<IntervalCounts> intervals_;
  bool last_written_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_SERVICE_WATCH_STATISTICS_CALL_H_
