// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_BASE_LOG_LIMIT_H_
#define SERVER_BASE_LOG_LIMIT_H_

#include <chrono>
#include <cstdint>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

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
    constexpr std::chrono::minutes kWindow(1);
    const auto now = Clock::now();
    const absl::MutexLock lock(&mutex_);
    if (!start_.has_value() || now - *start_ > kWindow) {
      start_ = now;
      lines_ = 0;
    }
    if (lines_ >= lines_per_minute_) return false;
    ++lines_;
    return true;
  }

 private:
  using Clock = std::chrono::steady_clock;

  const uint32_t lines_per_minute_;
  absl::Mutex mutex_;
  std::optional<Clock::time_point> start_ ABSL_GUARDED_BY(mutex_);
  uint32_t lines_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dissectd::server

#endif  // SERVER_BASE_LOG_LIMIT_H_
