// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_TIME_SHARE_H_
#define CORE_DISSECTION_TIME_SHARE_H_

#include <chrono>
#include <cstdint>
#include <ctime>

namespace dissectd::engine {

// Returns the processor time of this thread, which excludes waiting, for
// example for a client to read.
inline std::chrono::nanoseconds ProcessorTime() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) +
         std::chrono::nanoseconds(now.tv_nsec);
}

// Measures the processor time that passes while it lives.
class TimeMeasurement {
 public:
  // Adds the time to `spent` on destruction. Measures nothing if `spent` is
  // null. Not owned; outlives this.
  explicit TimeMeasurement(std::chrono::nanoseconds* spent)
      : spent_(spent),
        begin_(spent == nullptr ? std::chrono::nanoseconds(0)
                                : ProcessorTime()) {}
  ~TimeMeasurement() {
    if (spent_ != nullptr) *spent_ += ProcessorTime() - begin_;
  }
  TimeMeasurement(const TimeMeasurement&) = delete;
  TimeMeasurement& operator=(const TimeMeasurement&) = delete;

 private:
  std::chrono::nanoseconds* const spent_;
  const std::chrono::nanoseconds begin_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_TIME_SHARE_H_
