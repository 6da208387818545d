// SPDX-License-Identifier: GPL-2.0-or-later

// How a capture goes on without its daemon, and with the next one.

#include <chrono>
#include <csignal>
#include <string>
#include <utility>

#include "core/base/utf8.h"
#include "google/protobuf/util/time_util.h"
#include "server/capture/capture.h"
#include "server/dumpcap/capture_errors.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

using std::chrono::nanoseconds;

void Capture::KeepBy(KeptDumpcap::Launch launch, CaptureNotes notes) {
  launch_ = std::move(launch);
  notes_ = std::move(notes);
}

void Capture::Adopt(KeptCapture kept, std::string path) {
  thread_.AssertOnThread();
  const auto time = [&kept](size_t number) {
    return nanoseconds(kept.hello.numbers[number]);
  };
  notes_ = DecodeNotes(kept.hello.text);
  was_left_ = std::exchange(notes_.left, false);
  dumpcap_ = notes_.dumpcap;
  stop_reason_ = notes_.stop_reason;
  start_time_ = std::chrono::steady_clock::now() - time(KeeperRecord::kElapsed);
  current_path_ = std::move(path);
  for (const v1::CaptureEvent& event : history_.log().events()) {
    if (!event.has_message()) continue;
    reported_.emplace(event.message().primary(), event.message().secondary());
  }
  v1::CaptureEvent event;
  *event.mutable_adopted()->mutable_unattended() =
      google::protobuf::util::TimeUtil::NanosecondsToDuration(
          time(KeeperRecord::kUnattended).count());
  history_.AddAfterRestart(std::move(event));
  kept_ = KeptDumpcap::Adopt(context_, std::move(kept),
                             {history_.files_opened(),
                              static_cast<uint64_t>(description().drops_size()),
                              description().packets_written()},
                             ProcessHandlers());
  kept_->SetNotes(EncodeNotes(notes_));
  program_ = kept_;
  subscribers_.NotifyAll();
  AwaitDuration();
  WatchInterfaces();
  SetIdleTimeout(notes_.idle_timeout);
  // The daemon before may have got no further than the first signal.
  if (stop_reason_ != v1::STOP_REASON_UNSPECIFIED) Escalate(SIGINT);
}

void Capture::Leave() {
  thread_.AssertOnThread();
  if (kept_ == nullptr || !kept_->is_in_journal() || has_ended() ||
      description().state() == v1::CAPTURE_STATE_STOPPING) {
    return;
  }
  notes_.left = true;
  kept_->SetNotes(EncodeNotes(notes_));
  kept_->Leave();
  kept_.reset();
  program_.reset();
  StopTimers();
  subscribers_.NotifyAll();
}

void Capture::OnJournalCreated() {
  thread_.AssertOnThread();
  if (kept_ != nullptr) kept_->Acknowledge(/*files=*/0, /*has_end=*/false);
}

void Capture::OnJournalWritten() {
  thread_.AssertOnThread();
  if (kept_ == nullptr) return;
  kept_->Acknowledge(history_.files_opened(), has_ended());
  if (has_ended()) kept_.reset();
}

void Capture::OnRefused(pid_t pid) {
  if (!refusals_.Allow()) return;
  spdlog::warn(
      "process {} tried to take over {} from this daemon; its capture-keeper "
      "has refused that",
      pid, description().name());
}

void Capture::OnLost() {
  Fail(errors::DumpcapKeeperLost());
  Escalate(SIGINT);
}

void Capture::NoteStop() {
  if (kept_ == nullptr) return;
  notes_.stop_reason = stop_reason_;
  kept_->SetNotes(EncodeNotes(notes_));
}

v1::StopReason Capture::AbandonReason() const {
  return was_left_ ? v1::STOP_REASON_SHUTDOWN : v1::STOP_REASON_INTERRUPTED;
}

void Capture::AddReport(const std::string& primary,
                        const std::string& secondary) {
  const auto known = reported_.find({primary, secondary});
  if (known == reported_.end()) return AddMessage(primary, secondary);
  reported_.erase(known);
}

}  // namespace dissectd::server
