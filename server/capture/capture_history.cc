// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_history.h"

#include "server/base/timestamp.h"

namespace dissectd::server {
namespace {

// More than the number of events that can be waiting to be written.
constexpr uint64_t kUnwrittenEvents = 1'000'000;
// Stands for a value that nobody may see.
constexpr char kHiddenValue[] = "***";

v1::CaptureState EndState(v1::StopReason reason) {
  switch (reason) {
    case v1::STOP_REASON_FAILED:
      return v1::CAPTURE_STATE_FAILED;
    case v1::STOP_REASON_INTERRUPTED:
      return v1::CAPTURE_STATE_INTERRUPTED;
    default:
      return v1::CAPTURE_STATE_STOPPED;
  }
}

}  // namespace

void CaptureHistory::Add(v1::CaptureEvent event) {
  event.set_sequence(description_.last_sequence() + 1);
  if (!event.has_time()) *event.mutable_time() = TimestampNow();
  Replay(std::move(event));
}

void CaptureHistory::AddAfterRestart(v1::CaptureEvent event) {
  description_.set_last_sequence(description_.last_sequence() +
                                 kUnwrittenEvents);
  Add(std::move(event));
}

void CaptureHistory::Replay(v1::CaptureEvent event) {
  if (event.sequence() <= log_.last_sequence()) return;
  Apply(event);
  log_.Add(std::move(event));
}

void CaptureHistory::Apply(const v1::CaptureEvent& event) {
  description_.set_last_sequence(event.sequence());
  switch (event.kind_case()) {
    case v1::CaptureEvent::kFileOpened:
      return ApplyFile(event.file_opened().file());
    case v1::CaptureEvent::kPacketsWritten:
      return ApplyPackets(event.packets_written().total_packets());
    case v1::CaptureEvent::kPacketsDropped:
      *description_.add_drops() = event.packets_dropped();
      return;
    case v1::CaptureEvent::kStopped:
      return ApplyEnd(event);
    default:
      return;
  }
}

void CaptureHistory::ApplyFile(const std::string& name) {
  v1::CaptureFile file;
  file.set_file(name);
  file.set_first_packet(description_.packets_written() + 1);
  *description_.mutable_current_file() = file;
  files_.push_back(std::move(file));
  // dumpcap deletes the oldest file of a ring, and doesn't say so.
  const uint32_t kept = description_.options().ring().files();
  if (kept != 0 && files_.size() > kept) {
    files_.pop_front();
    description_.set_files_deleted(description_.files_deleted() + 1);
  }
  description_.set_file_count(files_.size());
  if (description_.state() == v1::CAPTURE_STATE_STARTING) {
    SetState(v1::CAPTURE_STATE_RUNNING);
  }
}

void CaptureHistory::HideExtcapArguments(
    int interface, const std::vector<std::string>& names) {
  auto* values = description_.mutable_options()
                     ->mutable_interfaces(interface)
                     ->mutable_extcap_arguments();
  for (const std::string& name : names) (*values)[name] = kHiddenValue;
}

void CaptureHistory::ApplyPackets(uint64_t total) {
  description_.set_packets_written(total);
  if (files_.empty()) return;
  v1::CaptureFile& file = files_.back();
  file.set_packets(total + 1 - file.first_packet());
  description_.mutable_current_file()->set_packets(file.packets());
}

void CaptureHistory::ApplyEnd(const v1::CaptureEvent& event) {
  *description_.mutable_stopped() = event.stopped();
  *description_.mutable_end_time() = event.time();
  SetState(EndState(event.stopped().reason()));
}

}  // namespace dissectd::server
