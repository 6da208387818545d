// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_TYPED_UNARY_CALL_H_
#define SERVER_RPC_TYPED_UNARY_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/rpc/call_context.h"
#include "server/rpc/unary_call.h"

namespace dissectd::server {

// A unary call with its messages, which live as long as the call. It goes on if
// the client has gone, as it may change something.
template <typename Request, typename Response>
class TypedUnaryCall final : public UnaryCall {
 public:
  static std::shared_ptr<TypedUnaryCall> Create(
      IoLoop* loop, std::unique_ptr<CallContext> context, Request request,
      grpc::ByteBuffer* response) {
    // make_shared can't call the private constructor.
    std::shared_ptr<TypedUnaryCall> call(new TypedUnaryCall(
        loop, std::move(context), std::move(request), response));
    Own(call);
    return call;
  }

  const Request& request() const { return request_; }
  Response* response() { return &response_; }

  // Ends the call, with the response if `status` is OK. Called once, from any
  // thread.
  void End(const absl::Status& status) {
    if (status.ok()) {
      Answer(response_);
    } else {
      Fail(status);
    }
  }

 private:
  TypedUnaryCall(IoLoop* loop, std::unique_ptr<CallContext> context,
                 Request request, grpc::ByteBuffer* response)
      : UnaryCall(loop, std::move(context), response),
        request_(std::move(request)) {}

  const Request request_;
  Response response_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_TYPED_UNARY_CALL_H_
