// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LIVE_LIVE_DISSECT_CALL_H_
#define SERVER_LIVE_LIVE_DISSECT_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "dissectd/v1/dissection.pb.h"
#include "server/base/io_loop.h"
#include "server/capture/capture_use.h"
#include "server/engine/engines.h"
#include "server/engine/worker_parent.h"
#include "server/live/live_reader.h"
#include "server/live/live_worker.h"
#include "server/live/live_workers.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// A call of DissectionService.Dissect for a live capture. Messages wait for a
// slow client up to a limit. Beyond that, the client gets a separate worker,
// which runs at its pace.
class LiveDissectCall : public StreamingCall, private LiveReader {
 public:
  // Nothing is owned; everything outlives the call.
  struct Deps {
    IoLoop* loop;
    LiveWorkers* workers;
    const Engines* engines;
  };

  static LiveDissectCall* Create(const Deps& deps,
                                 std::unique_ptr<CallContext> context);

  // Starts the call. Called once, from any thread.
  void Start(v1::DissectRequest request);

 private:
  LiveDissectCall(const Deps& deps, std::unique_ptr<CallContext> context)
      : StreamingCall(deps.loop, std::move(context)),
        workers_(deps.workers),
        engines_(deps.engines) {}

  // The methods below run on the loop's thread only.
  absl::Status Begin();
  void Enqueue(const grpc::ByteBuffer& message);
  void DoNext() override;
  bool is_live() const override { return true; }
  void OnCancelled() override;
  void OnFinish() override {
    use_.End();
    permit_.EndSoon();
  }

  const Principal& principal() const override { return context()->principal(); }
  WorkerParent* engine() const override { return engine_; }
  const v1::DissectRequest& request() const override { return request_; }
  bool is_alone() const override { return alone_; }
  uint64_t frames_sent() const override { return frames_sent_; }
  void OnWorker(std::shared_ptr<LiveWorker> worker) override;
  void OnHeader(const grpc::ByteBuffer& header) override;
  void OnMessage(const grpc::ByteBuffer& message, uint32_t last_frame,
                 uint64_t frames_sent) override;
  void OnEnd(const std::optional<grpc::ByteBuffer>& last_message,
             const absl::Status& status) override;
  void OnDropped(bool too_slow) override;
  bool HasRoom() const override { return queue_.empty(); }
  size_t backlog() const override;

  LiveWorkers* const workers_;
  const Engines* const engines_;
  // Set when the call begins.
  WorkerParent* engine_ = nullptr;
  WorkerLimit::Permit permit_;
  CaptureUse use_;
  // The request for what has not been sent yet.
  v1::DissectRequest request_;
  std::shared_ptr<LiveWorker> worker_;
  bool has_header_ = false;
  bool alone_ = false;
  // Whether to join another worker once all messages are sent.
  bool dropped_ = false;
  uint64_t frames_sent_ = 0;
  std::deque<grpc::ByteBuffer> queue_;
  size_t queued_bytes_ = 0;
  // The status to end the call with once all messages are sent.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd::server

#endif  // SERVER_LIVE_LIVE_DISSECT_CALL_H_
