// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/interface_watch_call.h"

#include "server/errors.h"
#include "server/grpc_status.h"

namespace dissectd {

InterfaceWatchCall* InterfaceWatchCall::Create(IoLoop* loop,
                                               InterfaceWatch* watch,
                                               CallGate::Pass pass) {
  const bool stopping = !pass.valid();
  // Not make_shared: the constructor is private.
  const std::shared_ptr<InterfaceWatchCall> call(
      new InterfaceWatchCall(loop, watch, std::move(pass)));
  call->self_ = call;
  loop->Post([call, stopping] {
    if (stopping) {
      call->status_ = ToGrpcStatus(errors::ServerStopping());
    } else if (!call->status_.has_value()) {
      call->watch_->Add(call.get());
    }
    call->Advance();
  });
  return call.get();
}

void InterfaceWatchCall::OnSnapshot(
    const std::shared_ptr<const InterfaceSnapshot>& snapshot) {
  pending_.Offer(snapshot);
  Advance();
}

void InterfaceWatchCall::OnWatchEnded(const absl::Status& status) {
  status_ = ToGrpcStatus(status);
  Advance();
}

void InterfaceWatchCall::OnWriteDone(bool ok) {
  loop_->Post([self = shared_from_this(), ok] {
    self->in_flight_.reset();
    if (!ok) self->Cancel();
    self->Advance();
  });
}

void InterfaceWatchCall::OnCancel() {
  loop_->Post([self = shared_from_this()] {
    self->Cancel();
    self->Advance();
  });
}

void InterfaceWatchCall::Cancel() {
  watch_->Remove(this);
  if (status_.has_value()) return;
  status_ =
      grpc::Status(grpc::StatusCode::CANCELLED, "The call was cancelled.");
}

void InterfaceWatchCall::Advance() {
  if (finished_ || in_flight_.has_value()) return;
  if (status_.has_value()) {
    finished_ = true;
    Finish(*status_);
  } else if (!pending_.empty()) {
    in_flight_ = pending_.Take();
    StartWrite(&*in_flight_);
  }
}

void InterfaceWatchCall::OnDone() {
  pass_ = CallGate::Pass();
  // Destroyed on the loop's thread, where its state belongs.
  loop_->Post([self = std::move(self_)] {});
}

}  // namespace dissectd
