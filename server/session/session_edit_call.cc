// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_edit_call.h"

#include <utility>

#include "dissectd/v1/session.pb.h"
#include "server/session/session.h"

namespace dissectd::server {

SessionEditCall* SessionEditCall::Create(IoLoop* loop,
                                         std::unique_ptr<CallContext> context,
                                         grpc::ByteBuffer* response) {
  // make_shared can't call the private constructor.
  return Own(std::shared_ptr<SessionEditCall>(
      new SessionEditCall(loop, std::move(context), response)));
}

void SessionEditCall::Start(MakeFn make) {
  loop()->Post([self = Shared(this), make = std::move(make)]() mutable {
    if (self->cancelled_) return self->End(self->context()->CancelledStatus());
    // The change doesn't outlive the call.
    SessionEditCall* const call = self.get();
    absl::StatusOr<std::unique_ptr<SessionChange>> change = make(
        {nullptr, [call](const absl::Status& status) { call->End(status); }});
    if (!change.ok()) return self->End(change.status());
    self->change_ = *std::move(change);
    self->change_->Begin();
  });
}

void SessionEditCall::OnCancelled() {
  cancelled_ = true;
  // Start ends the call otherwise.
  if (change_ != nullptr) End(context()->CancelledStatus());
}

void SessionEditCall::End(const absl::Status& status) {
  if (std::exchange(ended_, true)) return;
  const std::unique_ptr<SessionChange> change = std::move(change_);
  if (!status.ok()) return Fail(status);
  v1::EditSessionResponse response;
  *response.mutable_session() = change->session().Describe();
  Answer(response);
}

}  // namespace dissectd::server
