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

// One unary call that libwireshark answers: the answer's one response is the
// call's. All state belongs to the loop's thread.
class UnaryQueryCall final : public UnaryCall, private QueryReader {
 public:
  // Does what remains when the answer has come, with the response. Called on
  // the loop's thread; calls what it is given once, from any thread.
  using Concluded =
      absl::AnyInvocable<void(absl::StatusOr<grpc::ByteBuffer> response)>;
  using PostProcess = absl::AnyInvocable<void(const grpc::ByteBuffer& response,
                                              Concluded concluded)>;

  // Exactly one of RunPooled, RunCached, RunDedicated, Respond and Abort is
  // then called, once, from any thread.
  static UnaryQueryCall* Create(const QueryDeps& deps,
                                std::unique_ptr<CallContext> context,
                                grpc::ByteBuffer* response);

  // Asks a worker that answers others too.
  void RunPooled(ipc::Query kind, const grpc::ByteBuffer& request);
  // Asks for what the engine says of itself. `known`, serialised, is added to
  // the answer, or is the answer if the engine has said nothing yet and can't
  // be asked; without it that is an error.
  void RunCached(ipc::Query kind, const std::string& known);
  // Asks a worker that answers nothing else. If the answer is good, the call
  // waits for `post_process`, if there is one.
  void RunDedicated(DedicatedQuery query, PostProcess post_process = nullptr);
  // Has the answer already, serialised.
  void Respond(const std::string& response);
  void Abort(const absl::Status& status);

 private:
  UnaryQueryCall(const QueryDeps& deps, std::unique_ptr<CallContext> context,
                 grpc::ByteBuffer* response)
      : UnaryCall(deps.loop, std::move(context), response), deps_(deps) {}

  // Below: the loop's thread only.
  void Start(DedicatedQuery query);
  absl::Status StartWorker(DedicatedQuery query);
  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;
  void OnCancelled() override;
  void End(const absl::Status& status);

  const QueryDeps deps_;
  grpc::ByteBuffer answer_;
  // Present after RunDedicated.
  std::unique_ptr<QueryWorker> worker_;
  // Set by RunPooled.
  QueryPool::Ticket ticket_ = 0;
  // Whether RunPooled, RunCached, RunDedicated, Respond or Abort was called.
  bool begun_ = false;
  PostProcess post_process_;
  // From then on the client can't change what happens.
  bool concluding_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_UNARY_QUERY_CALL_H_
