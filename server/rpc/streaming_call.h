// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_STREAMING_CALL_H_
#define SERVER_RPC_STREAMING_CALL_H_

#include <grpcpp/support/server_callback.h>
#include <grpcpp/support/status.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "server/base/io_loop.h"
#include "server/rpc/call_tracker.h"
#include "server/rpc/grpc_status.h"

namespace dissectd::server {

// One server-streaming call whose state is the loop's: gRPC's reactions only
// post to it. Owns itself from Own until gRPC is done with it, and longer while
// others refer to it.
//
// All but Own and gRPC's reactions: the loop's thread only.
template <typename Message>
class StreamingCall
    : public grpc::ServerWriteReactor<Message>,
      public std::enable_shared_from_this<StreamingCall<Message>> {
 public:
  void OnWriteDone(bool ok) final {
    loop_->Post([self = this->shared_from_this(), ok] {
      self->in_flight_.reset();
      if (!ok) self->Cancel();
      self->Advance();
    });
  }
  void OnCancel() final {
    loop_->Post([self = this->shared_from_this()] {
      self->Cancel();
      self->Advance();
    });
  }
  void OnDone() final {
    token_ = CallTracker::Token();
    // Destroyed on the loop's thread, where its state belongs.
    loop_->Post([self = std::move(self_)] {});
  }

 protected:
  // `loop` is not owned and outlives the call.
  StreamingCall(IoLoop* loop, CallTracker::Token token)
      : loop_(loop), admitted_(token.valid()), token_(std::move(token)) {}

  // Has the call live until gRPC is done with it. Once, before gRPC knows it.
  static void Own(const std::shared_ptr<StreamingCall>& call) {
    call->self_ = call;
  }

  // A derived class's `this`, for what outlasts the function it is in.
  template <typename Call>
  static std::shared_ptr<Call> Shared(Call* call) {
    return std::static_pointer_cast<Call>(call->shared_from_this());
  }

  // To be called after each event: ends the call if the client is gone and
  // gRPC holds no message, and else has DoNext do what can be done.
  void Advance() {
    if (finished_) return;
    if (!cancelled_) {
      DoNext();
    } else if (!is_writing()) {
      FinishWith(absl::CancelledError("The call was cancelled."));
    }
  }

  IoLoop* loop() const { return loop_; }
  // Whether the gate let the call in.
  bool is_admitted() const { return admitted_; }
  bool is_cancelled() const { return cancelled_; }
  bool is_writing() const { return in_flight_.has_value(); }

  // Unless it is writing or finished.
  void Write(Message message) {
    in_flight_ = std::move(message);
    this->StartWrite(&*in_flight_);
  }

  // Unless it is writing or finished.
  void FinishWith(const absl::Status& status) {
    finished_ = true;
    // First, as the status may be a part of what OnFinish lets go of.
    grpc::Status result = ToGrpcStatus(status);
    OnFinish();
    this->Finish(std::move(result));
  }

 private:
  // Does what can be done next in a call that is neither cancelled nor
  // finished, but may be writing.
  virtual void DoNext() = 0;

  // The client is gone. Called once, which may be after OnFinish.
  virtual void OnCancelled() {}

  // Lets go of what the call works with. Called once, before gRPC hears of the
  // end.
  virtual void OnFinish() {}

  void Cancel() {
    if (std::exchange(cancelled_, true)) return;
    OnCancelled();
  }

  IoLoop* const loop_;
  const bool admitted_;
  CallTracker::Token token_;
  // Until OnDone.
  std::shared_ptr<StreamingCall> self_;
  bool cancelled_ = false;
  bool finished_ = false;
  // Present while gRPC works on it.
  std::optional<Message> in_flight_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_STREAMING_CALL_H_
