// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_stream_call.h"

#include "dissectd/v1/session.pb.h"
#include "server/session/session_errors.h"
#include "server/session/session_processes.h"

namespace dissectd::server {

SessionStreamCall* SessionStreamCall::Create(
    IoLoop* loop, std::unique_ptr<CallContext> context, Until until) {
  // make_shared can't call the private constructor.
  return Own(std::shared_ptr<SessionStreamCall>(
      new SessionStreamCall(loop, std::move(context), until)));
}

void SessionStreamCall::Start(GetFn get) {
  loop()->Post([self = Shared(this), get = std::move(get)]() mutable {
    // A client that has gone doesn't know the session's name.
    if (self->is_cancelled()) return self->Advance();
    absl::StatusOr<std::shared_ptr<Session>> session = get();
    if (!session.ok()) return self->FinishWith(session.status());
    self->Follow(*std::move(session));
  });
}

void SessionStreamCall::Fail(const absl::Status& status) {
  loop()->Post([self = Shared(this), status] {
    if (self->is_cancelled()) return self->Advance();
    self->FinishWith(status);
  });
}

void SessionStreamCall::Follow(std::shared_ptr<Session> session) {
  session_ = std::move(session);
  context()->AddResource(session_->name());
  session_->BeginWatch();
  subscription_ = session_->subscribers()->Add([this] { Advance(); });
  progress_number_ = session_->progress_number();
  Advance();
}

void SessionStreamCall::DoNext() {
  if (is_writing() || session_ == nullptr) return;
  // A session that has failed is told by the status of its opening.
  const bool has_failed =
      !session_->is_closed() &&
      session_->processes()->state() == v1::SESSION_STATE_FAILED;
  if (until_ == Until::kReady && change_number_ > 0) {
    if (has_failed) return FinishWith(session_->processes()->failure());
    if (session_->is_closed()) {
      return FinishWith(errors::SessionClosed(session_->name()));
    }
  }
  if (change_number_ != session_->change_number()) return SendSession();
  if (until_ == Until::kReady ? sent_state_ == v1::SESSION_STATE_READY
                              : session_->is_closed()) {
    return FinishWith(absl::OkStatus());
  }
  if (progress_number_ != session_->progress_number()) SendProgress();
}

void SessionStreamCall::SendSession() {
  change_number_ = session_->change_number();
  v1::WatchSessionResponse response;
  *response.mutable_session() = session_->Describe();
  sent_state_ = response.session().state();
  Write(response);
}

void SessionStreamCall::SendProgress() {
  progress_number_ = session_->progress_number();
  v1::WatchSessionResponse response;
  *response.mutable_progress() = session_->processes()->progress();
  Write(response);
}

void SessionStreamCall::OnFinish() {
  if (session_ == nullptr) return;
  session_->subscribers()->Remove(subscription_);
  session_->EndWatch();
  session_.reset();
}

}  // namespace dissectd::server
