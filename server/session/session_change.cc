// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session_change.h"

#include <chrono>
#include <utility>

#include "core/base/status_macros.h"
#include "server/session/session.h"

namespace dissectd::server {

SessionChange::SessionChange(IoLoop* loop, std::shared_ptr<Session> session,
                             Steps steps, Listener listener)
    : loop_(loop),
      session_(std::move(session)),
      steps_(std::move(steps)),
      listener_(std::move(listener)),
      timer_(loop->context()) {}

SessionChange::~SessionChange() {
  Unsubscribe();
  session_->RemoveChange(this);
  GiveUp(std::move(stage_.processes));
}

void SessionChange::GiveUp(std::shared_ptr<SessionProcesses> processes) {
  loop_->Post([processes = std::move(processes)] {});
}

void SessionChange::Begin() { session_->AddChange(this); }

void SessionChange::TakeTurn() {
  const absl::Status begun = Plan();
  if (!begun.ok()) EndSoon(begun);
}

absl::Status SessionChange::Plan() {
  RETURN_IF_ERROR(session_->CheckReady());
  ASSIGN_OR_RETURN(reading_, steps_.plan(*session_));
  return Read();
}

absl::Status SessionChange::Read() {
  Unsubscribe();
  ASSIGN_OR_RETURN(Stage next, steps_.read(reading_, processes()));
  GiveUp(std::exchange(stage_, std::move(next)).processes);
  subscription_ =
      processes()->subscribers()->Add([this] { OnProcessesChanged(); });
  // They may be those of another session, or have failed at once.
  timer_.Start(std::chrono::seconds(0), [this] { OnProcessesChanged(); });
  return absl::OkStatus();
}

void SessionChange::OnProcessesChanged() {
  switch (processes()->state()) {
    case v1::SESSION_STATE_READY:
      return OnRead();
    case v1::SESSION_STATE_FAILED:
      return End(processes()->failure());
    default:
      OnProgress();
  }
}

void SessionChange::OnProgress() {
  // A copy, as it may destroy the object.
  const std::function<void()> progressed = listener_.progressed;
  if (progressed != nullptr) progressed();
}

void SessionChange::OnRead() {
  if (stage_.is_last) {
    session_->Replace(std::move(reading_), stage_.processes);
    return End(absl::OkStatus());
  }
  const absl::Status begun = Read();
  if (!begun.ok()) EndSoon(begun);
}

void SessionChange::Cut(const absl::Status& status) {
  if (!ended_) EndSoon(status);
}

void SessionChange::EndSoon(const absl::Status& status) {
  Unsubscribe();
  timer_.Start(std::chrono::seconds(0), [this, status] { End(status); });
}

void SessionChange::End(const absl::Status& status) {
  if (std::exchange(ended_, true)) return;
  Unsubscribe();
  timer_.Stop();
  session_->RemoveChange(this);
  Listener listener = std::move(listener_);
  // This comes last, as it may destroy the object.
  listener.done(status);
}

void SessionChange::Unsubscribe() {
  if (subscription_ == 0) return;
  processes()->subscribers()->Remove(std::exchange(subscription_, 0));
}

}  // namespace dissectd::server
