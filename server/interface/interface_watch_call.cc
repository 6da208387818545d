// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_watch_call.h"

#include "server/base/errors.h"

namespace dissectd::server {

InterfaceWatchCall* InterfaceWatchCall::Create(IoLoop* loop,
                                               InterfaceWatch* watch,
                                               CallTracker::Token token) {
  // Not make_shared: the constructor is private.
  const std::shared_ptr<InterfaceWatchCall> call(
      new InterfaceWatchCall(loop, watch, std::move(token)));
  Own(call);
  loop->Post([call] { call->Start(); });
  return call.get();
}

void InterfaceWatchCall::Start() {
  if (!is_admitted()) return FinishWith(errors::ServerStopping());
  watch_->Add(this);
}

void InterfaceWatchCall::OnSnapshot(
    const std::shared_ptr<const InterfaceSnapshot>& snapshot) {
  pending_.Offer(snapshot);
  Advance();
}

void InterfaceWatchCall::OnWatchEnded(const absl::Status& status) {
  status_ = status;
  Advance();
}

void InterfaceWatchCall::DoNext() {
  if (is_writing()) return;
  if (status_.has_value()) {
    FinishWith(*status_);
  } else if (!pending_.empty()) {
    Write(pending_.Take());
  }
}

void InterfaceWatchCall::OnCancelled() { watch_->Remove(this); }

}  // namespace dissectd::server
