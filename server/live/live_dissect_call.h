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
#include "server/call_gate.h"
#include "server/io_loop.h"
#include "server/live/live_reader.h"
#include "server/live/live_session.h"
#include "server/live/live_sessions.h"
#include "server/session_limit.h"
#include "server/streaming_call.h"

namespace dissectd {

// One call of DissectionService.Dissect for a live capture. A client that reads
// slowly has messages wait for it up to a bound; beyond that it is given a
// session of its own, which goes on at its pace.
class LiveDissectCall : public StreamingCall<grpc::ByteBuffer>,
                        private LiveReader {
 public:
  // `loop` and `sessions` are not owned and outlive the call.
  static std::shared_ptr<LiveDissectCall> Create(IoLoop* loop,
                                                 LiveSessions* sessions,
                                                 CallGate::Pass pass);

  // Begins, or ends at once with an error. Exactly one of them, once, from any
  // thread.
  void Start(v1::DissectRequest request, SessionLimit::Place place);
  void Fail(const absl::Status& status);

 private:
  LiveDissectCall(IoLoop* loop, LiveSessions* sessions, CallGate::Pass pass)
      : StreamingCall(loop, std::move(pass)), sessions_(sessions) {}

  // Below: the loop's thread only.
  absl::Status Begin();
  void Enqueue(const grpc::ByteBuffer& message);
  void DoNext() override;
  void OnCancelled() override;

  const v1::DissectRequest& request() const override { return request_; }
  bool is_alone() const override { return alone_; }
  uint64_t frames_sent() const override { return frames_sent_; }
  void OnSession(std::shared_ptr<LiveSession> session) override;
  void OnHeader(const grpc::ByteBuffer& header) override;
  void OnMessage(const grpc::ByteBuffer& message, uint32_t last_frame,
                 uint64_t frames_sent) override;
  void OnEnd(const std::optional<grpc::ByteBuffer>& last_message,
             const absl::Status& status) override;
  void OnDropped(bool too_slow) override;
  bool HasRoom() const override { return queue_.empty(); }
  size_t backlog() const override;

  LiveSessions* const sessions_;
  SessionLimit::Place place_;
  // What is still to be sent.
  v1::DissectRequest request_;
  std::shared_ptr<LiveSession> session_;
  bool has_header_ = false;
  bool alone_ = false;
  // Whether another session is to be joined, once all messages are sent.
  bool dropped_ = false;
  uint64_t frames_sent_ = 0;
  std::deque<grpc::ByteBuffer> queue_;
  size_t queued_bytes_ = 0;
  // What the call shall end with, once all messages are sent.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd

#endif  // SERVER_LIVE_LIVE_DISSECT_CALL_H_
