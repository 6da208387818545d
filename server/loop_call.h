// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_LOOP_CALL_H_
#define SERVER_LOOP_CALL_H_

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "server/call_gate.h"
#include "server/errors.h"
#include "server/grpc_status.h"
#include "server/io_loop.h"

namespace dissectd {

// Ends a call that runs on the loop; called once.
using LoopCallDone = absl::AnyInvocable<void(const absl::Status& status)>;

// Calls `start` on the loop's thread with what ends the call, which may happen
// later. The request and the response of the call last until then.
template <typename Start>
grpc::ServerUnaryReactor* StartOnLoop(IoLoop* loop, CallGate* gate,
                                      grpc::CallbackServerContext* context,
                                      Start start) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  CallGate::Pass pass = gate->Enter();
  if (!pass.valid()) {
    reactor->Finish(ToGrpcStatus(errors::ServerStopping()));
    return reactor;
  }
  loop->Post(
      [reactor, start = std::move(start), pass = std::move(pass)]() mutable {
        start([reactor, pass = std::move(pass)](const absl::Status& status) {
          reactor->Finish(ToGrpcStatus(status));
        });
      });
  return reactor;
}

}  // namespace dissectd

#endif  // SERVER_LOOP_CALL_H_
