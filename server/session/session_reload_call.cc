// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_reload_call.h"

#include "dissectd/v1/session.pb.h"
#include "server/session/session.h"
#include "server/session/session_processes.h"

namespace dissectd::server {

SessionReloadCall* SessionReloadCall::Create(
    IoLoop* loop, std::unique_ptr<CallContext> context) {
  // make_shared can't call the private constructor.
  return Own(std::shared_ptr<SessionReloadCall>(
      new SessionReloadCall(loop, std::move(context))));
}

void SessionReloadCall::Start(MakeFn make) {
  loop()->Post([self = Shared(this), make = std::move(make)]() mutable {
    if (self->is_cancelled()) return self->Advance();
    // The change doesn't outlive the call.
    SessionReloadCall* const call = self.get();
    absl::StatusOr<std::unique_ptr<SessionChange>> change =
        make({[call] { call->Advance(); },
              [call](const absl::Status& status) {
                call->end_ = status;
                call->Advance();
              }});
    if (!change.ok()) return self->FinishWith(change.status());
    self->change_ = *std::move(change);
    self->change_->Begin();
    self->Advance();
  });
}

void SessionReloadCall::Fail(const absl::Status& status) {
  loop()->Post([self = Shared(this), status] {
    if (self->is_cancelled()) return self->Advance();
    self->FinishWith(status);
  });
}

void SessionReloadCall::DoNext() {
  if (is_writing() || change_ == nullptr) return;
  if (end_.has_value() && !end_->ok()) return FinishWith(*end_);
  if (sessions_sent_ == 0) return SendSession();
  if (end_.has_value()) {
    return sessions_sent_ == 1 ? SendSession() : FinishWith(*end_);
  }
  const SessionProcesses* const processes = change_->processes();
  if (processes != nullptr &&
      processes->progress_number() != progress_number_) {
    SendProgress();
  }
}

void SessionReloadCall::SendSession() {
  // It may have ended before the first one is sent, which is the last then.
  sessions_sent_ = end_.has_value() ? 2 : 1;
  v1::ReloadSessionResponse response;
  *response.mutable_session() = change_->session().Describe();
  Write(response);
}

void SessionReloadCall::SendProgress() {
  progress_number_ = change_->processes()->progress_number();
  v1::ReloadSessionResponse response;
  *response.mutable_progress() = change_->processes()->progress();
  Write(response);
}

}  // namespace dissectd::server
