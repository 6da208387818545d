// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_METRICS_DURATION_COUNTS_H_
#define SERVER_METRICS_DURATION_COUNTS_H_

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "server/metrics/counter.h"

namespace dissectd::server::metrics {

// Counts durations by their length, for a histogram. Thread-safe.
class DurationCounts {
 public:
  // The upper bounds in seconds, each included: from a query that takes no time
  // to a capture that is followed for an hour. There is one more count for
  // durations beyond them.
  static constexpr std::array<double, 12> kBounds = {
      0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60, 600, 3600};

  void Add(std::chrono::nanoseconds duration) {
    using Seconds = std::chrono::duration<double>;
    const double seconds =
        std::chrono::duration_cast<Seconds>(duration).count();
    const auto* const bound =
        std::lower_bound(kBounds.begin(), kBounds.end(), seconds);
    counts_[static_cast<size_t>(bound - kBounds.begin())].Add();
    const int64_t microseconds =
        std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
    microseconds_.Add(
        static_cast<uint64_t>(std::max<int64_t>(microseconds, 0)));
  }

  // Returns the number of durations up to each bound and beyond the one before.
  std::array<uint64_t, kBounds.size() + 1> counts() const {
    std::array<uint64_t, kBounds.size() + 1> values = {};
    std::transform(counts_.begin(), counts_.end(), values.begin(),
                   [](const Counter& count) { return count.value(); });
    return values;
  }
  double total_seconds() const {
    constexpr double kPerSecond = 1e6;
    return static_cast<double>(microseconds_.value()) / kPerSecond;
  }

 private:
  std::array<Counter, kBounds.size() + 1> counts_;
  Counter microseconds_;
};

}  // namespace dissectd::server::metrics

#endif  // SERVER_METRICS_DURATION_COUNTS_H_
