// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_RPC_STREAMING_CALL_H_
#define SERVER_RPC_STREAMING_CALL_H_

#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "google/protobuf/message.h"
#include "server/base/io_loop.h"
#include "server/rpc/call.h"
#include "server/rpc/call_context.h"

namespace dissectd::server {

// One server-streaming call whose state belongs to the loop's thread: gRPC's
// reactions only post to it.
//
// All but gRPC's reactions: the loop's thread only.
class StreamingCall : public Call,
                      public grpc::ServerWriteReactor<grpc::ByteBuffer> {
 public:
  void OnWriteDone(bool ok) final;
  void OnCancel() final;
  void OnDone() final { Release(); }

 protected:
  // `loop` is not owned and outlives the call.
  StreamingCall(IoLoop* loop, std::unique_ptr<CallContext> context)
      : Call(loop, std::move(context)) {}

  // To be called after each event: ends the call if the client is gone and
  // gRPC holds no message, and else has DoNext do what can be done.
  void Advance();

  bool is_cancelled() const { return cancelled_; }
  bool is_writing() const { return in_flight_.has_value(); }

  // Sends a message; neither while it is writing nor after FinishWith.
  void Write(grpc::ByteBuffer message);
  void Write(const google::protobuf::Message& message);

  // Ends the call, once; not while it is writing.
  void FinishWith(const absl::Status& status);

 private:
  // Does what can be done next in a call that is neither cancelled nor
  // finished, but may be writing.
  virtual void DoNext() = 0;

  // The client is gone. Called once, which may be after OnFinish.
  virtual void OnCancelled() {}

  // Lets go of what the call works with. Called once, before gRPC hears of the
  // end.
  virtual void OnFinish() {}

  void Cancel();

  bool cancelled_ = false;
  bool finished_ = false;
  // Present while gRPC works on it.
  std::optional<grpc::ByteBuffer> in_flight_;
};

}  // namespace dissectd::server

#endif  // SERVER_RPC_STREAMING_CALL_H_
