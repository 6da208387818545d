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

// A call with a stream of answers whose state belongs to the loop's thread:
// gRPC's reactions only post tasks to it. `Reactor` is one of gRPC's.
//
// Everything except gRPC's reactions runs on the loop's thread only.
template <typename Reactor>
class AnsweringCall : public Call, public Reactor {
 public:
  void OnWriteDone(bool ok) final;
  void OnCancel() final;
  void OnDone() final { Release(); }

 protected:
  // `loop` is not owned and outlives the call.
  AnsweringCall(IoLoop* loop, std::unique_ptr<CallContext> context)
      : Call(loop, std::move(context)) {}

  // Call this after each event. If the client has gone, or the call is overdue,
  // and gRPC holds no message, ends the call; otherwise calls DoNext.
  void Advance();

  bool is_cancelled() const { return cancelled_; }
  bool is_writing() const { return in_flight_.has_value(); }

  // Sends a message. Must not be called while another is being written, or
  // after FinishWith.
  void Write(const grpc::ByteBuffer& message);
  void Write(const google::protobuf::Message& message);

  // Ends the call. Must be called once, and not while a message is being
  // written.
  void FinishWith(const absl::Status& status);

 private:
  // Takes the next step in a call that is neither cancelled nor finished, but
  // may be writing.
  virtual void DoNext() = 0;

  // Called once when the client has gone, or the call is overdue, possibly
  // after OnFinish.
  virtual void OnCancelled() {}

  // Releases the call's resources. Called once, before gRPC learns of the end.
  virtual void OnFinish() {}

  void OnOverdue() final;
  void Cancel();

  bool cancelled_ = false;
  bool finished_ = false;
  // The message that gRPC is writing.
  std::optional<grpc::ByteBuffer> in_flight_;
};

// A call with one request.
using StreamingCall = AnsweringCall<grpc::ServerWriteReactor<grpc::ByteBuffer>>;
// A call whose client sends a stream, too.
using BidiStreamingCall =
    AnsweringCall<grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>>;

extern template class AnsweringCall<grpc::ServerWriteReactor<grpc::ByteBuffer>>;
extern template class AnsweringCall<
    grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>>;

}  // namespace dissectd::server

#endif  // SERVER_RPC_STREAMING_CALL_H_
