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

// The base of all kinds of calls: their context and lifetime. A call owns
// itself from Own until gRPC has finished with it. It lives on while others
// refer to it, and is destroyed on the loop's thread if gRPC had the last
// reference.
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

  // Keeps the call alive until Release. Must be called once, before gRPC knows
  // the call. Returns the call.
  template <typename T>
  static T* Own(std::shared_ptr<T> call) {
    T* raw = call.get();
    raw->self_ = std::move(call);
    return raw;
  }

  // Returns a derived class's `this` as a shared pointer, for callbacks.
  template <typename T>
  static std::shared_ptr<T> Shared(T* call) {
    return std::static_pointer_cast<T>(call->shared_from_this());
  }

  IoLoop* loop() const { return loop_; }

  // Records that the client has gone. Called from any thread.
  void SetClientGone() { client_gone_ = true; }

  // Records the status with which the call ends, and returns it for gRPC. Must
  // be called once, right before the reactor's Finish.
  grpc::Status EndingWith(absl::Status status);

  // Notifies the observers, and drops the reference to the call. Every
  // reactor's OnDone calls this last.
  void Release();

 private:
  IoLoop* const loop_;
  const std::unique_ptr<CallContext> context_;
  absl::Status status_;
  std::atomic<bool> client_gone_{false};
  // Keeps the call alive until Release.
  std::shared_ptr<Call> self_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_CALL_H_
