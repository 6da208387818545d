// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_QUERY_UNARY_QUERY_CALL_H_
#define SERVER_QUERY_UNARY_QUERY_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <string>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/ipc/query.h"
#include "server/base/io_loop.h"
#include "server/query/query_pool.h"
#include "server/query/query_reader.h"
#include "server/query/query_worker.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/worker_limit.h"

namespace dissectd::server {

// One unary call that libwireshark answers: the answer's one response is the
// call's. All state is the loop's; the call owns itself.
class UnaryQueryCall : public grpc::ServerUnaryReactor, private QueryReader {
 public:
  // What calls work with. Nothing is owned; all outlives the call.
  struct Deps {
    IoLoop* loop;
    EngineSupervisor* engine;
    QueryPool* pool;
  };

  // Does what remains when the answer has come, with the response. Called on
  // the loop's thread; calls what it is given once, from any thread.
  using Concluded =
      absl::AnyInvocable<void(absl::StatusOr<grpc::ByteBuffer> response)>;
  using PostProcess = absl::AnyInvocable<void(const grpc::ByteBuffer& response,
                                              Concluded concluded)>;

  // Exactly one of Ask, RunDedicated, Answer and Fail is then called, once,
  // from any thread.
  static UnaryQueryCall* Create(const Deps& deps, CallTracker::Token token,
                                grpc::ByteBuffer* response);

  // Asks a worker that answers others too.
  void Ask(ipc::Query kind, const grpc::ByteBuffer& request);
  // Asks a worker that answers nothing else. With `conclude`, the call waits
  // for that if the answer is good.
  void RunDedicated(DedicatedQuery query, PostProcess conclude = nullptr);
  // Has the answer already, serialised.
  void Answer(const std::string& response);
  void Fail(const absl::Status& status);

  void OnCancel() override;
  void OnDone() override;

 private:
  UnaryQueryCall(const Deps& deps, CallTracker::Token token,
                 grpc::ByteBuffer* response)
      : deps_(deps), token_(std::move(token)), response_(response) {}

  // Below: the loop's thread only.
  void Start(DedicatedQuery query);
  void OnResponse(const grpc::ByteBuffer& response) override;
  void OnEnd(const absl::Status& status) override;
  bool HasRoom() const override { return true; }
  void End(const absl::Status& status);

  const Deps deps_;
  CallTracker::Token token_;
  grpc::ByteBuffer* const response_;
  // Of RunDedicated.
  std::string known_;
  WorkerLimit::Permit permit_;
  // Of RunDedicated.
  std::shared_ptr<QueryWorker> worker_;
  // Whether Ask, RunDedicated, Answer or Fail was called.
  bool begun_ = false;
  PostProcess conclude_;
  // From then on the client can't change what happens.
  bool concluding_ = false;
  bool cancelled_ = false;
  bool finished_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_QUERY_UNARY_QUERY_CALL_H_
