// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/capture_log.h"

#include <algorithm>
#include <utility>

#include "server/timestamp.h"

namespace dissectd {
namespace {

// So many of the latest events are kept as they were.
constexpr size_t kRecent = 256;

}  // namespace

void CaptureLog::Add(v1::CaptureEvent event) {
  event.set_sequence(last_sequence() + 1);
  *event.mutable_time() = TimestampNow();
  events_.push_back(std::move(event));
  MergeOld();
}

void CaptureLog::MergeOld() {
  while (merged_ + 1 + kRecent < events_.size()) {
    v1::CaptureEvent& older = events_[merged_];
    v1::CaptureEvent& newer = events_[merged_ + 1];
    if (!older.has_packets_written() || !newer.has_packets_written()) {
      ++merged_;
      continue;
    }
    v1::PacketsWritten* packets = newer.mutable_packets_written();
    packets->set_new_packets(packets->new_packets() +
                             older.packets_written().new_packets());
    events_.erase(events_.begin() + static_cast<ptrdiff_t>(merged_));
  }
}

const v1::CaptureEvent* CaptureLog::After(uint64_t sequence) const {
  const auto next =
      std::upper_bound(events_.begin(), events_.end(), sequence,
                       [](uint64_t number, const v1::CaptureEvent& event) {
                         return number < event.sequence();
                       });
  return next == events_.end() ? nullptr : &*next;
}

}  // namespace dissectd
