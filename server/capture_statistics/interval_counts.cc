// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture_statistics/interval_counts.h"

#include <algorithm>
#include <utility>

#include "google/protobuf/util/time_util.h"
#include "server/capture_statistics/top_protocols.h"

namespace dissectd::server {

using google::protobuf::util::TimeUtil;

void IntervalCounts::Add(absl::Time time, const v1::CaptureCounts& counts) {
  if (time < begin_ && first_) return AddCounts(counts, &totals_);
  const bool late = time < begin_;
  size_t index = late ? 0 : IndexOf(time);
  if (index >= kMaxIntervals) {
    Merge(index - kMaxIntervals + 1);
    index = kMaxIntervals - 1;
  }
  if (index >= intervals_.size()) intervals_.resize(index + 1);
  Interval& interval = intervals_[index];
  AddCounts(counts, &interval.counts);
  if (late) interval.late_packets += counts.packets();
}

void IntervalCounts::Limit(absl::Time time) {
  // The clock was set back: an interval that begins in the future wouldn't end
  // for as long.
  if (time < begin_ - interval_) {
    if (!intervals_.empty()) Merge(intervals_.size() - 1);
    begin_ -= absl::Ceil(begin_ - time, interval_);
    width_ = 1;
  }
  const size_t index = IndexOf(std::max(time, begin_));
  if (index > kMaxIntervals) Merge(index - kMaxIntervals);
}

size_t IntervalCounts::IndexOf(absl::Time time) const {
  absl::Duration rest;
  const auto number =
      static_cast<size_t>(absl::IDivDuration(time - begin_, interval_, &rest));
  return number < width_ ? 0 : number - width_ + 1;
}

void IntervalCounts::Merge(size_t index) {
  width_ += index;
  for (; index > 0 && intervals_.size() > 1; --index) {
    const Interval oldest = std::move(intervals_.front());
    intervals_.pop_front();
    AddCounts(oldest.counts, &intervals_.front().counts);
    intervals_.front().late_packets += oldest.late_packets;
  }
}

v1::WatchCaptureStatisticsResponse IntervalCounts::Take() {
  return TakeUntil(end());
}

v1::WatchCaptureStatisticsResponse IntervalCounts::TakeRest(absl::Time end) {
  if (!intervals_.empty()) Merge(intervals_.size() - 1);
  return TakeUntil(std::max(begin_, end));
}

v1::WatchCaptureStatisticsResponse IntervalCounts::TakeUntil(absl::Time end) {
  v1::WatchCaptureStatisticsResponse response;
  *response.mutable_time() =
      TimeUtil::NanosecondsToTimestamp(absl::ToUnixNanos(end));
  *response.mutable_interval() =
      TimeUtil::NanosecondsToDuration(absl::ToInt64Nanoseconds(end - begin_));
  response.mutable_counts();
  if (!intervals_.empty()) {
    Interval& oldest = intervals_.front();
    AddCounts(oldest.counts, &totals_);
    *response.mutable_counts() = std::move(oldest.counts);
    response.set_late_packets(oldest.late_packets);
    intervals_.pop_front();
  }
  *response.mutable_totals() = totals_;
  begin_ = end;
  width_ = 1;
  first_ = false;
  return response;
}

}  // namespace dissectd::server
