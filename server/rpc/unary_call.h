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

// One unary call. Derived classes do what it is for, and then call Answer or
// Fail, once, from any thread.
class UnaryCall : public Call, public grpc::ServerUnaryReactor {
 public:
  void Answer(const grpc::ByteBuffer& response);
  void Answer(const google::protobuf::Message& response);
  void Fail(const absl::Status& status);

  void OnCancel() final;
  void OnDone() final { Release(); }

 protected:
  // `response` is gRPC's, and lasts until OnDone.
  UnaryCall(IoLoop* loop, std::unique_ptr<CallContext> context,
            grpc::ByteBuffer* response)
      : Call(loop, std::move(context)), response_(response) {}

 private:
  // The client is gone. Called at most once, on the loop's thread, maybe before
  // the derived class has begun or after it has answered. The call must be
  // ended as ever.
  virtual void OnCancelled() {}

  grpc::ByteBuffer* const response_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_UNARY_CALL_H_
