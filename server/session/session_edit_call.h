// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_SESSION_SESSION_EDIT_CALL_H_
#define SERVER_SESSION_SESSION_EDIT_CALL_H_

#include <grpcpp/support/byte_buffer.h>

#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/io_loop.h"
#include "server/rpc/call_context.h"
#include "server/rpc/unary_call.h"
#include "server/session/session_change.h"

namespace dissectd::server {

// A call of EditSession. If the client goes away before the capture was read,
// the session stays as it was.
class SessionEditCall final : public UnaryCall {
 public:
  // Makes the change, on the loop's thread.
  using MakeFn =
      absl::AnyInvocable<absl::StatusOr<std::unique_ptr<SessionChange>>(
          SessionChange::Listener listener)>;

  // `loop` is not owned and outlives the call. The caller then calls Start
  // once, from any thread.
  static SessionEditCall* Create(IoLoop* loop,
                                 std::unique_ptr<CallContext> context,
                                 grpc::ByteBuffer* response);

  void Start(MakeFn make);

 private:
  SessionEditCall(IoLoop* loop, std::unique_ptr<CallContext> context,
                  grpc::ByteBuffer* response)
      : UnaryCall(loop, std::move(context), response) {}

  // The methods below run on the loop's thread only.
  void OnCancelled() override;
  void End(const absl::Status& status);

  std::unique_ptr<SessionChange> change_;
  bool cancelled_ = false;
  bool ended_ = false;
};

}  // namespace dissectd::server

#endif  // SERVER_SESSION_SESSION_EDIT_CALL_H_
