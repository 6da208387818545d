// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_LOG_LIMIT_H_
#define SERVER_BASE_LOG_LIMIT_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dissectd::server {

// Keeps events that clients can cause in any number from filling the log.
// Thread-safe.
class LogLimit {
 public:
  explicit LogLimit(uint32_t lines_per_minute = 10)
      : lines_per_minute_(lines_per_minute) {}

  // Returns whether the event may have its line: the first ones of a minute
  // may.
  bool Allow() {
    constexpr absl::Duration kWindow = absl::Minutes(1);
    const absl::Time now = absl::Now();
    const absl::MutexLock lock(&mutex_);
    if (now - start_ > kWindow) {
      start_ = now;
      lines_ = 0;
    }
    if (lines_ >= lines_per_minute_) return false;
    ++lines_;
    return true;
  }

 private:
  const uint32_t lines_per_minute_;
  absl::Mutex mutex_;
  absl::Time start_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  uint32_t lines_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_LOG_LIMIT_H_
