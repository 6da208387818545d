// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_IO_STAT_SERIES_H_
#define CORE_ANALYSIS_IO_STAT_SERIES_H_

#include <cstddef>
#include <cstdint>
#include <map>
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
// Needs memory only for intervals that have frames.
class IoSeries {
 public:
  // Reads the numbers of intervals in their order.
  class Reader {
   public:
    // `series` is complete, not owned, and outlives this.
    explicit Reader(const IoSeries* series) : series_(series) {}

    // Returns the numbers of an interval, which isn't before that of the last
    // call.
    IoBucket At(uint64_t interval);
    // Returns the first interval from this one on that isn't empty; all ones if
    // there is none.
    uint64_t NextUsed(uint64_t interval);

   private:
    void Advance(uint64_t interval);

    const IoSeries* const series_;
    // The first one that isn't before the interval.
    size_t bucket_ = 0;
    std::map<uint64_t, uint64_t>::const_iterator change_ =
        series_->load_changes_.begin();
    // What loads add to the interval.
    uint64_t load_ = 0;
  };

  IoSeries(IoSeriesOptions options, uint64_t interval_us)
      : options_(std::move(options)), interval_us_(interval_us), buckets_(1) {}

  // Counts a frame. If its time is before that of an earlier one, it is part of
  // the latest interval. `values` are those of the field; may be null.
  void AddFrame(uint64_t time_us, uint32_t bytes, const GPtrArray* values);

  const IoSeriesOptions& options() const { return options_; }
  // Returns at least 1; no interval follows that of the last frame.
  uint64_t interval_count() const { return buckets_.back().interval + 1; }

  // The largest numbers that the widths of columns depend on.
  uint64_t most_frames() const { return most_frames_; }
  uint64_t most_total() const { return most_total_; }

 private:
  struct Bucket {
    uint64_t interval = 0;
    IoBucket numbers;
  };

  void Advance(uint64_t time_us);
  IoBucket& latest() { return buckets_.back().numbers; }
  void AddValue(const fvalue_t& value, bool is_first);
  void AddReal(const fvalue_t& value, bool is_first);
  void AddTotal(uint64_t value, bool is_first);
  void AddLoad(uint64_t duration_us);
  // Adds a load to the intervals from `first` to before `end`.
  void SpreadLoad(uint64_t first, uint64_t end, uint64_t load_us);
  // Notes the numbers of the latest interval for the widths of columns.
  void NoteWidths();

  const IoSeriesOptions options_;
  const uint64_t interval_us_;
  // In their order; the last one is the latest.
  std::vector<Bucket> buckets_;
  // By how much the load that is spread over intervals changes at an interval,
  // modulo 2^64.
  std::map<uint64_t, uint64_t> load_changes_;
  uint64_t most_frames_ = 0;
  uint64_t most_total_ = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_IO_STAT_SERIES_H_
