// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session.h"

#include <utility>

#include "server/base/timestamp.h"
#include "server/rpc/grpc_status.h"
#include "server/session/session_errors.h"
#include "server/session/session_question.h"

namespace dissectd::server {

Session::Session(Opening opening, std::shared_ptr<SessionProcesses> processes)
    : opening_(std::move(opening)),
      processes_(std::move(processes)),
      open_time_(TimestampNow()) {
  NoteUse();
  change_number_ = processes_->change_number();
  progress_number_ = processes_->progress_number();
  subscription_ =
      processes_->subscribers()->Add([this] { OnProcessesChanged(); });
}

Session::~Session() {
  if (processes_ != nullptr) processes_->subscribers()->Remove(subscription_);
}

absl::Status Session::CheckReady() const {
  switch (processes_->state()) {
    case v1::SESSION_STATE_READY:
      return absl::OkStatus();
    case v1::SESSION_STATE_FAILED:
      return errors::SessionFailed(name(), processes_->facts().failure());
    default:
      return errors::SessionNotReady(name());
  }
}

v1::Session Session::Describe() const {
  if (is_closed()) return last_;
  v1::Session session = processes_->facts();
  session.set_name(opening_.name);
  session.set_state(processes_->state());
  session.set_file(opening_.file);
  if (opening_.owner.authentication != Authentication::kNone) {
    session.set_owner(opening_.owner.id);
  }
  *session.mutable_open_time() = open_time_;
  *session.mutable_use_time() = use_time_;
  session.set_questions(static_cast<uint32_t>(questions_.size()));
  *session.mutable_options() = opening_.options;
  return session;
}

void Session::EndWatch() {
  --watches_;
  used_ = std::chrono::steady_clock::now();
}

void Session::AddQuestion(SessionQuestion* question) {
  questions_.insert(question);
  NoteUse();
}

void Session::RemoveQuestion(SessionQuestion* question) {
  questions_.erase(question);
  used_ = std::chrono::steady_clock::now();
}

bool Session::is_idle() const {
  return !is_closed() && !is_used() &&
         processes_->state() != v1::SESSION_STATE_READING &&
         std::chrono::steady_clock::now() - used_ >= opening_.idle_timeout;
}

void Session::Close() {
  if (is_closed()) return;
  CutQuestions(errors::SessionClosed(name()));
  last_ = Describe();
  last_.set_state(v1::SESSION_STATE_CLOSED);
  processes_->subscribers()->Remove(subscription_);
  // The processes needn't wait for subscribers that still read the end.
  processes_.reset();
  ++change_number_;
  subscribers_.NotifyAll();
}

void Session::OnProcessesChanged() {
  change_number_ = processes_->change_number();
  progress_number_ = processes_->progress_number();
  if (processes_->state() == v1::SESSION_STATE_FAILED) {
    CutQuestions(processes_->failure());
  } else if (processes_->state() == v1::SESSION_STATE_READY) {
    // The time begins when the session can be used.
    used_ = std::chrono::steady_clock::now();
  }
  subscribers_.NotifyAll();
}

void Session::CutQuestions(const absl::Status& status) {
  while (!questions_.empty()) (*questions_.begin())->Cut(status);
}

void Session::NoteUse() {
  use_time_ = TimestampNow();
  used_ = std::chrono::steady_clock::now();
}

}  // namespace dissectd::server
