// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_UNARY_QUERY_CALL_H_
#define SERVER_QUERY_UNARY_QUERY_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/query/query_deps.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/call_context.h"
#include "server/rpc/unary_call.h"

namespace dissectd::server {

// A unary call that libwireshark answers: the single response of the answer is
// that of the call. All state belongs to the loop's thread.
class UnaryQueryCall final : public UnaryCall, private QueryReader {
 public:
  // Ends the call with a response or an error.
  using Done =
      absl::AnyInvocable<void(absl::StatusOr<grpc::ByteBuffer> response)>;
  // Makes the call's response from libwireshark's answer or error. Called on
  // the loop's thread unless the call is cancelled before; calls `done` once,
  // from any thread.
  using PostProcess = absl::AnyInvocable<void(
      const absl::StatusOr<grpc::ByteBuffer>& answer, Done done)>;

  // See StreamingQueryCall::StartFn.
  using StartFn =
      absl::AnyInvocable<absl::StatusOr<std::unique_ptr<RunningQuery>>(
          CallContext* context, QueryReader* reader)>;

  // The caller then calls one of RunPooled, RunCached, RunDedicated, RunWith,
  // Respond and Abort, once, from any thread.
  static UnaryQueryCall* Create(const QueryDeps& deps,
                                std::unique_ptr<CallContext> context,
                                grpc::ByteBuffer* response);

  // Runs a query in a shared worker.
  void RunPooled(ipc::Query kind, const grpc::ByteBuffer& request);
  // Gets the chosen engine's information about itself.
  void RunCached(ipc::Query kind);
  // Gets the information about themselves of all engines that have been ready,
  // or only of the one that the metadata chooses.
  void RunCachedOfAll(ipc::Query kind, PostProcess post_process);
  // Runs a query in a separate worker. Without `post_process`, the answer is
  // the response.
  void RunDedicated(DedicatedQuery query, PostProcess post_process = nullptr);
  // Runs a query that `start` starts.
  void RunWith(StartFn start);
  // Ends the call with a serialised response.
  void Respond(const std::string& response);
  void Abort(const absl::Status& status);

 private:
  UnaryQueryCall(const QueryDeps& deps, std::unique_ptr<CallContext> context,
                 grpc::ByteBuffer* response)
      : UnaryCall(deps.loop, std::move(context), response), deps_(deps) {}

  // The methods below run on the loop's thread only.
  absl::Status AskPool(Query query);
  absl::Status AskEngine(ipc::Query kind);
  void AskEngines(ipc::Query kind);
  void OnCachedAnswer(const absl::StatusOr<grpc::ByteBuffer>& answer);
  void Start(StartFn start);
  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;
  void OnCancelled() override;
  void End(const absl::Status& status);

  const QueryDeps deps_;
  grpc::ByteBuffer answer_;
  // Present after RunDedicated and RunWith.
  std::unique_ptr<RunningQuery> query_;
  // The pool's ticket; set by RunPooled.
  QueryPool::Ticket ticket_ = 0;
  // Whether one of the methods that begin the call has run.
  bool begun_ = false;
  PostProcess post_process_;
  // Whether `post_process` is running; the client can't cancel it.
  bool post_processing_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_UNARY_QUERY_CALL_H_
