// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_PROGRESS_TIMER_H_
#define CORE_DISSECTION_PROGRESS_TIMER_H_

#include <chrono>

namespace dissectd::engine {

// Says when Progress is due, which also serves as a heartbeat while no frame
// passes the filter.
class ProgressTimer {
 public:
  // Whether the interval has passed since this was last true.
  bool IsDue() {
    const Clock::time_point now = Clock::now();
    if (now - last_ < kInterval) return false;
    last_ = now;
    return true;
  }

 private:
  using Clock = std::chrono::steady_clock;

  static constexpr std::chrono::milliseconds kInterval{500};

  Clock::time_point last_ = Clock::now();
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_PROGRESS_TIMER_H_
