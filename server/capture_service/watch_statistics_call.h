// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_SERVICE_WATCH_STATISTICS_CALL_H_
#define SERVER_CAPTURE_SERVICE_WATCH_STATISTICS_CALL_H_

#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/capture.pb.h"
#include "server/base/io_loop.h"
#include "server/capture_statistics/capture_statistics.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// One call of CaptureService.WatchCaptureStatistics. A client that reads slowly
// gets longer intervals.
class WatchStatisticsCall : public StreamingCall {
 public:
  // `loop` and `pool` are not owned and outlive the call.
  static WatchStatisticsCall* Create(
      IoLoop* loop, CaptureStatisticsPool* pool,
      std::unique_ptr<CallContext> context,
      const v1::WatchCaptureStatisticsRequest& request);

 private:
  using Clock = std::chrono::steady_clock;

  WatchStatisticsCall(IoLoop* loop, std::unique_ptr<CallContext> context)
      : StreamingCall(loop, std::move(context)), timer_(loop->context()) {}

  absl::Status Start(CaptureStatisticsPool* pool,
                     const v1::WatchCaptureStatisticsRequest& request);
  // Begins to count when all before is counted.
  void BeginIntervals();
  void AwaitInterval();
  void WriteInterval();
  void DoNext() override;
  void OnFinish() override;

  std::shared_ptr<CaptureStatistics> statistics_;
  uint64_t subscription_ = 0;
  asio::steady_timer timer_;
  Clock::duration interval_ = {};
  size_t top_ = 0;

  // When the interval began, and the counts then.
  Clock::time_point begin_;
  v1::CaptureCounts before_;
  bool counting_ = false;
  bool interval_over_ = false;
  bool last_written_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_SERVICE_WATCH_STATISTICS_CALL_H_
