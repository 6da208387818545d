// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_REFUSED_CALL_H_
#define SERVER_RPC_REFUSED_CALL_H_

#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/rpc/call.h"
#include "server/rpc/call_context.h"

namespace dissectd::server {

// A call that is refused. `Reactor` is one of gRPC's.
template <typename Reactor>
class RefusedCall final : public Call, public Reactor {
 public:
  // Ends the call, and returns the reactor for gRPC. `loop` is not owned and
  // outlives the call.
  static Reactor* Create(IoLoop* loop, std::unique_ptr<CallContext> context,
                         const absl::Status& status) {
    // make_shared can't call the private constructor.
    auto* call = Own(std::shared_ptr<RefusedCall>(
        new RefusedCall(loop, std::move(context))));
    call->Finish(call->EndingWith(status));
    return call;
  }

  void OnCancel() override { SetClientGone(); }
  void OnDone() override { Release(); }

 private:
  RefusedCall(IoLoop* loop, std::unique_ptr<CallContext> context)
      : Call(loop, std::move(context)) {}
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_REFUSED_CALL_H_
