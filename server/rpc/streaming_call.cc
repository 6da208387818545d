// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/rpc/streaming_call.h"

#include "server/rpc/message_bytes.h"

namespace dissectd::server {

void StreamingCall::OnWriteDone(bool ok) {
  loop()->Post([self = Shared(this), ok] {
    self->in_flight_.reset();
    if (!ok) self->Cancel();
    self->Advance();
  });
}

void StreamingCall::OnCancel() {
  SetClientGone();
  loop()->Post([self = Shared(this)] {
    self->Cancel();
    self->Advance();
  });
}

void StreamingCall::Advance() {
  loop()->AssertOnLoop();
  if (finished_) return;
  if (!cancelled_) {
    DoNext();
  } else if (!is_writing()) {
    FinishWith(context()->CancelledStatus());
  }
}

void StreamingCall::Write(const grpc::ByteBuffer& message) {
  loop()->AssertOnLoop();
  context()->CountSent(message.Length());
  in_flight_ = message;
  StartWrite(&*in_flight_);
}

void StreamingCall::Write(const google::protobuf::Message& message) {
  Write(SerializeMessage(message));
}

void StreamingCall::FinishWith(const absl::Status& status) {
  loop()->AssertOnLoop();
  finished_ = true;
  // Comes first, as OnFinish may destroy the owner of the status.
  grpc::Status result = EndingWith(status);
  OnFinish();
  Finish(std::move(result));
}

void StreamingCall::Cancel() {
  if (std::exchange(cancelled_, true)) return;
  OnCancelled();
}

}  // namespace dissectd::server
