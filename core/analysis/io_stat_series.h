// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_IO_STAT_SERIES_H_
#define CORE_ANALYSIS_IO_STAT_SERIES_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "core/analysis/io_stat_argument.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// What a calculation knows of an interval.
struct IoBucket {
  uint32_t frames = 0;
  // The number of values.
  uint32_t values = 0;
  // The sum, minimum or maximum: of bytes, or of numbers. Negative ones are in
  // two's complement. Times are in nanoseconds, those of a load in
  // microseconds.
  uint64_t total = 0;
  // Used instead of `total` for fields with real numbers.
  double real = 0;
};

// The numbers of one calculation by interval, as `tshark -z io,stat` has them.
class IoSeries {
 public:
  // More intervals aren't kept.
  static constexpr size_t kMaxBuckets = size_t{1} << 22;

  IoSeries(IoSeriesOptions options, uint64_t interval_us)
      : options_(std::move(options)), interval_us_(interval_us), buckets_(1) {}

  // Counts a frame. If its time is before that of an earlier one, it is part of
  // the latest interval. `values` are those of the field; may be null. Returns
  // false if there are too many intervals.
  bool AddFrame(uint64_t time_us, uint32_t bytes, const GPtrArray* values);

  const IoSeriesOptions& options() const { return options_; }
  // Returns at least one interval, and none after that of the last frame.
  const std::vector<IoBucket>& buckets() const { return buckets_; }

  // The largest numbers that the widths of columns depend on.
  uint64_t most_frames() const { return most_frames_; }
  uint64_t most_total() const { return most_total_; }

 private:
  bool Advance(uint64_t time_us);
  void AddValue(const fvalue_t* value, bool is_first);
  void AddReal(const fvalue_t* value, bool is_first);
  void AddTotal(uint64_t value, bool is_first);
  void AddLoad(uint64_t duration_us);
  // Notes the numbers of the latest interval for the widths of columns.
  void NoteWidths();

  const IoSeriesOptions options_;
  const uint64_t interval_us_;
  std::vector<IoBucket> buckets_;
  uint64_t most_frames_ = 0;
  uint64_t most_total_ = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_IO_STAT_SERIES_H_
