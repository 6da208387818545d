// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_STREAMING_QUERY_CALL_H_
#define SERVER_QUERY_STREAMING_QUERY_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/streaming_call.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// One server-streaming call that libwireshark answers, in a worker of its own.
class StreamingQueryCall : public StreamingCall<grpc::ByteBuffer>,
                           private QueryReader {
 public:
  // `parts` are not owned and outlive the call. Exactly one of Start and Fail
  // is then called, once, from any thread.
  static std::shared_ptr<StreamingQueryCall> Create(
      const QueryWorker::Deps& deps, CallTracker::Token token);

  void Start(DedicatedQuery query);
  void Fail(const absl::Status& status);

 private:
  StreamingQueryCall(const QueryWorker::Deps& deps, CallTracker::Token token)
      : StreamingCall(deps.loop, std::move(token)), deps_(deps) {}

  // Below: the loop's thread only.
  absl::Status Begin(DedicatedQuery query);
  void DoNext() override;
  void OnFinish() override;

  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;
  bool HasRoom() const override { return !next_.has_value(); }

  const QueryWorker::Deps deps_;
  WorkerLimit::Permit permit_;
  std::shared_ptr<QueryWorker> worker_;
  // Read while another one was in flight.
  std::optional<grpc::ByteBuffer> next_;
  // What the call shall end with, once all responses are sent.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_STREAMING_QUERY_CALL_H_
