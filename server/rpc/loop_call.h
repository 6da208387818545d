// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_LOOP_CALL_H_
#define SERVER_RPC_LOOP_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "server/base/errors.h"
#include "server/base/io_loop.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {

// Ends a call that runs on the loop; called once.
using LoopCallDone = absl::AnyInvocable<void(const absl::Status& status)>;

// Calls `start` on the loop's thread with what ends the call, which may happen
// later. The request and the response of the call last until then.
template <typename Start>
grpc::ServerUnaryReactor* StartOnLoop(IoLoop* loop, CallTracker* tracker,
                                      grpc::CallbackServerContext* context,
                                      Start start) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  CallTracker::Token token = tracker->Enter();
  if (!token.valid()) {
    reactor->Finish(ToGrpcStatus(errors::ServerStopping()));
    return reactor;
  }
  loop->Post(
      [reactor, start = std::move(start), token = std::move(token)]() mutable {
        start([reactor, token = std::move(token)](const absl::Status& status) {
          reactor->Finish(ToGrpcStatus(status));
        });
      });
  return reactor;
}

}  // namespace dissectd::server

#endif  // SERVER_RPC_LOOP_CALL_H_
