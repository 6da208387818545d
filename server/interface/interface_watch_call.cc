// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/interface/interface_watch_call.h"

#include "server/policy/keep_if.h"

namespace dissectd::server {

InterfaceWatchCall* InterfaceWatchCall::Create(
    IoLoop* loop, InterfaceWatch* watch, const ResourceAccess* access,
    std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
  InterfaceWatchCall* call = Own(std::shared_ptr<InterfaceWatchCall>(
      new InterfaceWatchCall(loop, watch, access, std::move(context))));
  loop->Post([call = Shared(call)] { call->watch_->Add(call.get()); });
  return call;
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
    InterfaceSnapshot snapshot = pending_.Take();
    Conceal(&snapshot);
    Write(snapshot);
  }
}

void InterfaceWatchCall::Conceal(InterfaceSnapshot* snapshot) const {
  const Actor actor = ActorOf(*context());
  const auto may_see = [&](const auto& item) {
    return access_->CheckInterface(actor, item.name()).ok();
  };
  KeepIf(may_see, snapshot->mutable_interfaces());
  KeepIf(may_see, snapshot->mutable_changes());
}

void InterfaceWatchCall::OnCancelled() { watch_->Remove(this); }

}  // namespace dissectd::server
