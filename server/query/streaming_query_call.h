// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_STREAMING_QUERY_CALL_H_
#define SERVER_QUERY_STREAMING_QUERY_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/query/query_deps.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/call_context.h"
#include "server/rpc/streaming_call.h"

namespace dissectd::server {

// A server-streaming call that libwireshark answers, in a separate worker.
class StreamingQueryCall : public StreamingCall, private QueryReader {
 public:
  // Starts the query of a call: `reader` gets the answer, not before this has
  // returned. Called on the loop's thread.
  using StartFn =
      absl::AnyInvocable<absl::StatusOr<std::unique_ptr<RunningQuery>>(
          CallContext* context, QueryReader* reader)>;

  // `deps` are not owned and outlive the call. The caller then calls one of
  // Start, StartWith and Fail, once, from any thread.
  static StreamingQueryCall* Create(const QueryDeps& deps,
                                    std::unique_ptr<CallContext> context);

  void Start(DedicatedQuery query);
  void StartWith(StartFn start);
  void Fail(const absl::Status& status);

 private:
  StreamingQueryCall(const QueryDeps& deps,
                     std::unique_ptr<CallContext> context)
      : StreamingCall(deps.loop, std::move(context)), deps_(deps) {}

  // The methods below run on the loop's thread only.
  absl::Status Begin(StartFn start);
  void DoNext() override;
  void OnFinish() override;

  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;

  const QueryDeps deps_;
  std::unique_ptr<RunningQuery> query_;
  // See DedicatedQuery.
  std::shared_ptr<void> held_;
  absl::AnyInvocable<void()> on_first_response_;
  // The next message, read while another one was in flight.
  std::optional<grpc::ByteBuffer> next_;
  // The status to end the call with once all responses are sent.
  std::optional<absl::Status> status_;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_STREAMING_QUERY_CALL_H_
