// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/session/session.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/base/timestamp.h"
#include "server/rpc/grpc_status.h"
#include "server/session/session_change.h"
#include "server/session/session_errors.h"
#include "server/session/session_question.h"

namespace dissectd::server {
namespace {

// Clears all but the names.
template <typename T>
void KeepNames(google::protobuf::RepeatedPtrField<T>* settings) {
  for (T& setting : *settings) {
    T named;
    named.set_name(setting.name());
    setting = std::move(named);
  }
}

// Returns the options for those who list the session. Preferences can be
// passwords and keys.
v1::DissectionOptions WithoutSecrets(v1::DissectionOptions options) {
  options.clear_tls_key_log();
  options.clear_ssh_key_log();
  options.clear_wireguard_key_log();
  options.clear_kerberos_keytab();
  options.clear_hosts();
  KeepNames(options.mutable_preferences());
  KeepNames(options.mutable_attachments());
  KeepNames(options.mutable_lua_scripts());
  return options;
}

}  // namespace

Session::Session(Opening opening, SessionReading reading,
                 std::shared_ptr<SessionProcesses> processes)
    : opening_(std::move(opening)),
      reading_(std::move(reading)),
      processes_(std::move(processes)),
      open_time_(TimestampNow()) {
  NoteUse();
  Subscribe();
}

void Session::Subscribe() {
  seen_change_ = processes_->change_number();
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
  session.set_edits(edit_count_);
  *session.mutable_options() = WithoutSecrets(reading_.request.options());
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

void Session::AddChange(SessionChange* change) {
  changes_.push_back(change);
  NoteUse();
  if (changes_.front() == change) change->TakeTurn();
}

void Session::RemoveChange(SessionChange* change) {
  const auto found = std::find(changes_.begin(), changes_.end(), change);
  if (found == changes_.end()) return;
  const bool was_first = found == changes_.begin();
  changes_.erase(found);
  used_ = std::chrono::steady_clock::now();
  if (was_first && !changes_.empty() && !is_closed()) {
    changes_.front()->TakeTurn();
  }
}

void Session::Replace(SessionReading reading,
                      std::shared_ptr<SessionProcesses> processes) {
  reading_ = std::move(reading);
  question_edits_ = reading_.edits.ForQuestions().SerializeAsString();
  edit_count_ = reading_.edits.count();
  processes_->subscribers()->Remove(subscription_);
  replaced_.insert(std::exchange(processes_, std::move(processes)));
  Subscribe();
  ++change_number_;
  subscribers_.NotifyAll();
}

void Session::Check() {
  processes_->Check();
  for (auto before = replaced_.begin(); before != replaced_.end();) {
    const std::shared_ptr<SessionProcesses> processes = before->lock();
    if (processes != nullptr && processes != processes_) processes->Check();
    before = processes == nullptr ? replaced_.erase(before) : std::next(before);
  }
  if (changes_.empty()) return;
  SessionProcesses* const next = changes_.front()->processes();
  if (next != nullptr && next != processes_.get()) next->Check();
}

bool Session::is_idle() const {
  return !is_closed() && !is_used() &&
         processes_->state() != v1::SESSION_STATE_READING &&
         std::chrono::steady_clock::now() - used_ >= opening_.idle_timeout;
}

void Session::Close() {
  if (is_closed()) return;
  const absl::Status closed = errors::SessionClosed(name());
  while (!questions_.empty()) (*questions_.begin())->Cut(closed);
  for (SessionChange* const change : changes_) change->Cut(closed);
  last_ = Describe();
  last_.set_state(v1::SESSION_STATE_CLOSED);
  processes_->subscribers()->Remove(subscription_);
  // The processes needn't wait for subscribers that still read the end.
  processes_.reset();
  ++change_number_;
  subscribers_.NotifyAll();
}

void Session::OnProcessesChanged() {
  if (seen_change_ != processes_->change_number()) ++change_number_;
  seen_change_ = processes_->change_number();
  progress_number_ = processes_->progress_number();
  if (processes_->state() == v1::SESSION_STATE_READY &&
      !std::exchange(was_ready_, true)) {
    // The time begins when the session can be used.
    used_ = std::chrono::steady_clock::now();
  }
  subscribers_.NotifyAll();
}

void Session::NoteUse() {
  use_time_ = TimestampNow();
  used_ = std::chrono::steady_clock::now();
}

}  // namespace dissectd::server
