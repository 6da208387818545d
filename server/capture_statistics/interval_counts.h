// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef SERVER_CAPTURE_STATISTICS_INTERVAL_COUNTS_H_
#define SERVER_CAPTURE_STATISTICS_INTERVAL_COUNTS_H_

#include <cstddef>
#include <cstdint>
#include <deque>

#include "absl/time/time.h"
#include "dissectd/v1/capture.pb.h"

namespace dissectd::server {

// Counts packets in intervals of their times. The oldest interval is taken once
// all its packets have arrived. Packets that arrive later count in the oldest
// interval that is left.
class IntervalCounts {
 public:
  // At most this many intervals are kept; then the oldest ones are merged.
  static constexpr size_t kMaxIntervals = 64;

  // The first interval begins at `begin`. `before` has the counts until then.
  IntervalCounts(absl::Time begin, absl::Duration interval,
                 v1::CaptureCounts before)
      : begin_(begin), interval_(interval), totals_(std::move(before)) {}

  // Adds the counts of packets that were captured at `time`. Packets from
  // before the first interval only add to the totals.
  void Add(absl::Time time, const v1::CaptureCounts& counts);

  // The end of the oldest interval.
  absl::Time end() const {
    return begin_ + static_cast<int64_t>(width_) * interval_;
  }

  // Says that it is `time` now. Merges the oldest intervals if too many end
  // before it, because a client has not taken any for long. If the clock was
  // set back, the oldest interval begins again, and has all counts that are
  // left.
  void Limit(absl::Time time);

  // Returns the oldest interval, and removes it.
  v1::WatchCaptureStatisticsResponse Take();

  // Removes and returns the rest as one interval that ends at `end`.
  v1::WatchCaptureStatisticsResponse TakeRest(absl::Time end);

 private:
  struct Interval {
    v1::CaptureCounts counts;
    uint64_t late_packets = 0;
  };

  // The index of the interval with this time, which is not before begin_.
  size_t IndexOf(absl::Time time) const;
  // Merges the oldest intervals up to the one at `index`.
  void Merge(size_t index);
  v1::WatchCaptureStatisticsResponse TakeUntil(absl::Time end);

  absl::Time begin_;
  const absl::Duration interval_;
  // The counts of all intervals taken, and of packets before the first.
  v1::CaptureCounts totals_;
  bool first_ = true;
  // The number of intervals that the oldest one is made of.
  size_t width_ = 1;
  // Oldest first; the last ones may not exist yet.
  std::deque<Interval> intervals_;
};

}  // namespace dissectd::server

#endif  // SERVER_CAPTURE_STATISTICS_INTERVAL_COUNTS_H_
