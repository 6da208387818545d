// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_ANALYSIS_WATCH_REPORTS_CALL_H_
#define SERVER_ANALYSIS_WATCH_REPORTS_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "dissectd/v1/analysis.pb.h"
#include "server/base/io_loop.h"
#include "server/base/timer.h"
#include "server/capture/capture_use.h"
#include "server/capture/live_feed.h"
#include "server/engine/engines.h"
#include "server/engine/worker_parent.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// A call of AnalysisService.WatchStatistics. A worker reads the capture, and
// forks for each round. The next round doesn't begin until the client has read
// this one.
class WatchReportsCall : public StreamingCall {
 public:
  // Nothing is owned; all outlives the call.
  struct Deps {
    const Engines* engines;
    LiveFeed::Deps live;
  };

  // The caller then calls Start, once, from any thread.
  static WatchReportsCall* Create(const Deps& deps,
                                  std::unique_ptr<CallContext> context);

  void Start(const v1::WatchStatisticsRequest& request);

 private:
  // Reads the answer of one of the processes.
  class Answer : public QueryReader {
   public:
    using EndFn = void (WatchReportsCall::*)(const absl::Status& status);
    Answer(WatchReportsCall* call, EndFn end) : call_(call), end_(end) {}
    void OnResponse(const grpc::ByteBuffer& response) override {
      call_->OnResponse(response);
    }
    void OnEnd(const absl::Status& status) override { (call_->*end_)(status); }

   private:
    WatchReportsCall* const call_;
    const EndFn end_;
  };

  WatchReportsCall(const Deps& deps, std::unique_ptr<CallContext> context)
      : StreamingCall(deps.live.loop, std::move(context)),
        deps_(deps),
        timer_(deps.live.loop->context()) {}

  // The methods below run on the loop's thread only.
  absl::Status Begin(const v1::WatchStatisticsRequest& request);
  absl::Status OnFirstFile(LiveFeed::File file);
  void StartTimer();
  // Whether there may be frames that the last round didn't have.
  bool HasNews() const;
  absl::Status StartRound();
  void OnResponse(const grpc::ByteBuffer& response);
  void OnCaptureEnd(const absl::Status& status);
  void OnRoundEnd(const absl::Status& status);
  // Ends the call, unless it has another status already.
  void EndWith(const absl::Status& status);
  bool is_live() const override { return true; }
  void DoNext() override;
  void OnFinish() override;

  const Deps deps_;
  std::chrono::nanoseconds interval_{};
  v1::WatchStatisticsRequest request_;
  // Set when the call begins.
  WorkerParent* engine_ = nullptr;
  WorkerLimit::Permit permit_;
  CaptureUse use_;
  std::shared_ptr<LiveFeed> feed_;
  Answer reading_{this, &WatchReportsCall::OnCaptureEnd};
  Answer finishing_{this, &WatchReportsCall::OnRoundEnd};
  // The process that reads the capture; null until there is a file.
  std::shared_ptr<QueryWorker> capture_;
  // Whether all of the capture has been read.
  bool capture_over_ = false;
  // The process of this round; null between rounds.
  std::unique_ptr<QueryWorker> round_;
  bool is_last_round_ = false;
  // The position in the capture at which the worker waited when the last round
  // began; none if it didn't wait.
  std::optional<uint64_t> round_position_;
  // Whether it is time for a round.
  bool due_ = false;
  Timer timer_;
  // The next message, read while another one was in flight.
  std::optional<grpc::ByteBuffer> next_;
  // The status to end the call with.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd::server

#endif  // SERVER_ANALYSIS_WATCH_REPORTS_CALL_H_
