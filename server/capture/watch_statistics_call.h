// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_WATCH_STATISTICS_CALL_H_
#define SERVER_CAPTURE_WATCH_STATISTICS_CALL_H_

#include <grpcpp/support/server_callback.h>

#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "dissectd/v1/capture.pb.h"
#include "server/call_gate.h"
#include "server/capture/capture_statistics.h"
#include "server/io_loop.h"

namespace dissectd {

// One call of CaptureService.WatchCaptureStatistics. A client that reads slowly
// gets longer intervals. All state is the loop's; the call owns itself until
// gRPC is done with it.
class WatchStatisticsCall
    : public grpc::ServerWriteReactor<v1::WatchCaptureStatisticsResponse>,
      public std::enable_shared_from_this<WatchStatisticsCall> {
 public:
  // `loop` and `pool` are not owned and outlive the call.
  static WatchStatisticsCall* Create(
      IoLoop* loop, CaptureStatisticsPool* pool, CallGate::Pass pass,
      const v1::WatchCaptureStatisticsRequest& request);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  using Clock = std::chrono::steady_clock;

  WatchStatisticsCall(IoLoop* loop, CallGate::Pass pass)
      : loop_(loop), pass_(std::move(pass)), timer_(loop->context()) {}

  // Below: the loop's thread only.
  absl::Status Start(CaptureStatisticsPool* pool,
                     const v1::WatchCaptureStatisticsRequest& request);
  // Begins to count when all before is counted.
  void BeginIntervals();
  void AwaitInterval();
  void Advance();
  void WriteInterval();
  void FinishWith(const absl::Status& status);

  IoLoop* const loop_;
  CallGate::Pass pass_;
  // Until OnDone.
  std::shared_ptr<WatchStatisticsCall> self_;
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
  bool writing_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
  // While gRPC works on it.
  v1::WatchCaptureStatisticsResponse response_;
};

}  // namespace dissectd

#endif  // SERVER_CAPTURE_WATCH_STATISTICS_CALL_H_
