// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_CALL_H_
#define SERVER_RPC_CALL_H_

#include <grpcpp/support/status.h>

#include <atomic>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/rpc/call_context.h"

namespace dissectd::server {

// What calls of all kinds have in common: a context, and their lifetime. A call
// owns itself from Own until gRPC is done with it, lives on while others refer
// to it, and is destroyed on the loop's thread if gRPC was the last to.
class Call : public std::enable_shared_from_this<Call> {
 public:
  virtual ~Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  CallContext* context() const { return context_.get(); }

 protected:
  // `loop` is not owned and outlives the call.
  Call(IoLoop* loop, std::unique_ptr<CallContext> context)
      : loop_(loop), context_(std::move(context)) {}

  // Has the call live until Release. To be called once, before gRPC knows it;
  // returns the call.
  template <typename T>
  static T* Own(std::shared_ptr<T> call) {
    T* raw = call.get();
    raw->self_ = std::move(call);
    return raw;
  }

  // A derived class's `this`, for what outlasts the function it is in.
  template <typename T>
  static std::shared_ptr<T> Shared(T* call) {
    return std::static_pointer_cast<T>(call->shared_from_this());
  }

  IoLoop* loop() const { return loop_; }

  // Notes that the client has gone. From any thread.
  void SetClientGone() { client_gone_ = true; }

  // Notes what the call ends with, and returns it as gRPC takes it. To be
  // called once, right before the reactor's Finish.
  grpc::Status EndingWith(absl::Status status);

  // Tells the observers, and lets go of the call. Every reactor's OnDone calls
  // this last.
  void Release();

 private:
  IoLoop* const loop_;
  const std::unique_ptr<CallContext> context_;
  absl::Status status_;
  std::atomic<bool> client_gone_{false};
  // Until Release.
  std::shared_ptr<Call> self_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_H_
