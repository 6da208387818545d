// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_LOG_H_
#define SERVER_CAPTURE_CAPTURE_LOG_H_

#include <cstddef>
#include <cstdint>
#include <deque>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// The events of one capture. It stays small however long the capture runs:
// older PacketsWritten events in a row are merged into one that says the same,
// and if there are very many events, the oldest of files and messages are
// forgotten.
class CaptureLog {
 public:
  // Adds an event that has its number and time. An event with a number that
  // is not greater than the last one is ignored; returns whether it was added.
  bool Add(v1::CaptureEvent event);

  // Returns the first event after the one with this number; null if there is
  // none yet.
  const v1::CaptureEvent* After(uint64_t sequence) const;

  // Returns the number of events after the one with this number.
  uint64_t CountAfter(uint64_t sequence) const;

  uint64_t last_sequence() const {
    return events_.empty() ? 0 : events_.back().sequence();
  }

  const std::deque<v1::CaptureEvent>& events() const { return events_; }

 private:
  // Returns the place of the first event after the one with this number.
  std::deque<v1::CaptureEvent>::const_iterator FindAfter(
      uint64_t sequence) const;

  // Merges an event into the one after it, if both are PacketsWritten.
  bool MergeWithNext(size_t index);
  void MergeOld();
  void ForgetOld();

  std::deque<v1::CaptureEvent> events_;
  // Before this index, no two events in a row are PacketsWritten.
  size_t merged_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_LOG_H_
