// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_LTE_TRAFFIC_H_
#define CORE_ANALYSIS_LTE_TRAFFIC_H_

#include <cstdint>

#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Frames and bytes of one direction of a UE.
class LteTraffic {
 public:
  // Adds a frame.
  void Add(uint32_t bytes, const nstime_t& time) {
    if (frames_ == 0) start_ = time;
    end_ = time;
    ++frames_;
    bytes_ += bytes;
  }

  uint32_t frames() const { return frames_; }
  uint32_t bytes() const { return bytes_; }

  // In megabits per second between the first frame and the last one; 0 if these
  // are too close to tell.
  float rate() const {
    constexpr double kMillisecondsPerSecond = 1000;
    return RateOver(static_cast<double>(end_.secs - start_.secs) *
                        kMillisecondsPerSecond +
                    fraction_milliseconds());
  }

  // What tshark prints for it: it takes only the fractions of the seconds of
  // both times.
  float printed_rate() const { return RateOver(fraction_milliseconds()); }

 private:
  double fraction_milliseconds() const {
    constexpr double kNanosecondsPerMillisecond = 1e6;
    return static_cast<double>(end_.nsecs - start_.nsecs) /
           kNanosecondsPerMillisecond;
  }

  float RateOver(double milliseconds) const {
    constexpr double kShortest = 2;
    constexpr double kBits = 8;
    constexpr float kKilo = 1000;
    if (milliseconds < kShortest) return 0;
    return static_cast<float>(bytes_ * kBits / milliseconds) / kKilo;
  }

  uint32_t frames_ = 0;
  uint32_t bytes_ = 0;
  nstime_t start_ = {0, 0};
  nstime_t end_ = {0, 0};
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_LTE_TRAFFIC_H_
