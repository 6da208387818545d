// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_log.h"

#include <algorithm>
#include <utility>

namespace dissectd::server {
namespace {

// The number of the latest events that are never merged.
constexpr size_t kRecent = 256;
// A ring that opens a file each second for a day must not fill the memory.
constexpr size_t kMaxEvents = 10'000;

bool CanBeForgotten(const v1::CaptureEvent& event) {
  return event.has_file_opened() || event.has_message();
}

}  // namespace

bool CaptureLog::Add(v1::CaptureEvent event) {
  if (event.sequence() <= last_sequence()) return false;
  events_.push_back(std::move(event));
  MergeOld();
  ForgetOld();
  return true;
}

bool CaptureLog::MergeWithNext(size_t index) {
  v1::CaptureEvent& older = events_[index];
  v1::CaptureEvent& newer = events_[index + 1];
  if (!older.has_packets_written() || !newer.has_packets_written()) {
    return false;
  }
  v1::PacketsWritten* packets = newer.mutable_packets_written();
  packets->set_new_packets(packets->new_packets() +
                           older.packets_written().new_packets());
  events_.erase(events_.begin() + static_cast<ptrdiff_t>(index));
  return true;
}

void CaptureLog::MergeOld() {
  while (merged_ + 1 + kRecent < events_.size()) {
    if (!MergeWithNext(merged_)) ++merged_;
  }
}

void CaptureLog::ForgetOld() {
  if (events_.size() <= kMaxEvents) return;
  const auto oldest =
      std::find_if(events_.begin(), events_.end(), CanBeForgotten);
  if (oldest == events_.end()) return;
  const auto index = static_cast<size_t>(oldest - events_.begin());
  events_.erase(oldest);
  // The events before and after it may now be merged.
  if (index >= merged_) {
    merged_ = std::min(merged_, index == 0 ? 0 : index - 1);
    return;
  }
  --merged_;
  if (index > 0 && MergeWithNext(index - 1)) --merged_;
}

std::deque<v1::CaptureEvent>::const_iterator CaptureLog::FindAfter(
    uint64_t sequence) const {
  return std::upper_bound(events_.begin(), events_.end(), sequence,
                          [](uint64_t number, const v1::CaptureEvent& event) {
                            return number < event.sequence();
                          });
}

const v1::CaptureEvent* CaptureLog::After(uint64_t sequence) const {
  const auto next = FindAfter(sequence);
  return next == events_.end() ? nullptr : &*next;
}

uint64_t CaptureLog::CountAfter(uint64_t sequence) const {
  return static_cast<uint64_t>(events_.end() - FindAfter(sequence));
}

}  // namespace dissectd::server
