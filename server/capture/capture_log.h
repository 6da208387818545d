// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_CAPTURE_LOG_H_
#define SERVER_CAPTURE_CAPTURE_LOG_H_

#include <cstdint>
#include <deque>

#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// The events of one capture, from the first. It stays small however long the
// capture runs: of events that only say that packets were written, older ones
// in a row become one, which says the same; and the oldest files are forgotten
// when there are very many.
class CaptureLog {
 public:
  CaptureLog() = default;
  // Goes on after these.
  explicit CaptureLog(std::deque<v1::CaptureEvent> events)
      : events_(std::move(events)) {}

  // Adds an event; gives it its number and time.
  void Add(v1::CaptureEvent event);

  // The first event after the one of this number; null if there is none yet.
  const v1::CaptureEvent* After(uint64_t sequence) const;

  uint64_t last_sequence() const {
    return events_.empty() ? 0 : events_.back().sequence();
  }

  const std::deque<v1::CaptureEvent>& events() const { return events_; }

 private:
  void MergeOld();
  void ForgetOldFiles();

  std::deque<v1::CaptureEvent> events_;
  // Before this index, no two events in a row say that packets were written.
  size_t merged_ = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_CAPTURE_LOG_H_
