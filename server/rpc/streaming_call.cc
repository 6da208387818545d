// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/streaming_call.h"

#include "server/rpc/message_bytes.h"

namespace dissectd::server {

template <typename Reactor>
void AnsweringCall<Reactor>::OnWriteDone(bool ok) {
  EndWrite();
  loop()->Post([self = Shared(this), ok] {
    self->in_flight_.reset();
    if (!ok) self->Cancel();
    self->Advance();
  });
}

template <typename Reactor>
void AnsweringCall<Reactor>::OnCancel() {
  SetClientGone();
  loop()->Post([self = Shared(this)] {
    self->Cancel();
    self->Advance();
  });
}

template <typename Reactor>
void AnsweringCall<Reactor>::OnOverdue() {
  // The call's resources are released at once, whatever gRPC still does.
  Cancel();
  if (is_writing() || finished_) context()->BreakOff();
  Advance();
}

template <typename Reactor>
void AnsweringCall<Reactor>::Advance() {
  loop()->AssertOnLoop();
  if (finished_) return;
  if (!cancelled_) {
    DoNext();
  } else if (!is_writing()) {
    FinishWith(context()->CancelledStatus());
  }
}

template <typename Reactor>
void AnsweringCall<Reactor>::Write(const grpc::ByteBuffer& message) {
  loop()->AssertOnLoop();
  context()->CountSent(message.Length());
  in_flight_ = message;
  BeginWrite();
  this->StartWrite(&*in_flight_);
}

template <typename Reactor>
void AnsweringCall<Reactor>::Write(const google::protobuf::Message& message) {
  Write(SerializeMessage(message));
}

template <typename Reactor>
void AnsweringCall<Reactor>::FinishWith(const absl::Status& status) {
  loop()->AssertOnLoop();
  finished_ = true;
  // Comes first, as OnFinish may destroy the owner of the status.
  grpc::Status result = EndingWith(status);
  OnFinish();
  this->Finish(std::move(result));
}

template <typename Reactor>
void AnsweringCall<Reactor>::Cancel() {
  if (std::exchange(cancelled_, true)) return;
  OnCancelled();
}

template class AnsweringCall<grpc::ServerWriteReactor<grpc::ByteBuffer>>;
template class AnsweringCall<
    grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>>;

}  // namespace dissectd::server
