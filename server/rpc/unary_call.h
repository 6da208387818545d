// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_UNARY_CALL_H_
#define SERVER_RPC_UNARY_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "server/base/io_loop.h"
#include "server/rpc/call.h"
#include "server/rpc/call_context.h"

namespace dissectd::server {

// A unary call. Derived classes do the work and then call Answer or Fail once,
// from any thread.
class UnaryCall : public Call, public grpc::ServerUnaryReactor {
 public:
  void Answer(const grpc::ByteBuffer& response);
  void Answer(const google::protobuf::Message& response);
  void Fail(const absl::Status& status);

  void OnCancel() final;
  void OnDone() final { Release(); }

 protected:
  // `response` belongs to gRPC, and is valid until OnDone.
  UnaryCall(IoLoop* loop, std::unique_ptr<CallContext> context,
            grpc::ByteBuffer* response)
      : Call(loop, std::move(context)), response_(response) {}

 private:
  // Called at most once when the client has gone, on the loop's thread,
  // possibly before the derived class has begun or after it has answered. The
  // call must still be ended.
  virtual void OnCancelled() {}

  grpc::ByteBuffer* const response_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_UNARY_CALL_H_
