// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_IO_STAT_LAYOUT_H_
#define CORE_ANALYSIS_IO_STAT_LAYOUT_H_

#include <cstdint>
#include <ctime>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dissectd::engine {

// The interval that is all of the capture.
inline constexpr uint64_t kWholeCapture = std::numeric_limits<uint64_t>::max();

// How the first column of the report writes times.
enum class IoTimes {
  // Since the first frame: `0.0 <> 0.1`.
  kRelative,
  // `12:34:56`.
  kTimeOfDay,
  // `2001-09-09 12:34:56`.
  kDate,
  // `2001/252 12:34:56`.
  kDayOfYear,
};

// A column of numbers.
struct IoNumberColumn {
  // The title, for example `Frames`.
  std::string title;
  // The width of its widest number.
  int width = 0;
};

// What was asked for with one filter: a column of numbers, or two.
struct IoColumnLayout {
  // The text in the list of the head.
  std::string description;
  std::vector<IoNumberColumn> numbers;
};

struct IoLayoutOptions {
  IoTimes times = IoTimes::kRelative;
  bool utc = false;
  // The time of the first frame, in seconds since 1970.
  time_t start_time = 0;
  uint64_t duration_us = 0;
  // The requested length of an interval.
  uint64_t interval_us = kWholeCapture;
  // The decimals of times if the capture is longer than an interval.
  int decimals = 0;
  std::vector<IoColumnLayout> columns;
};

// The text of `tshark -z io,stat`. Where its box is crooked, so is this one.
class IoStatLayout {
 public:
  explicit IoStatLayout(IoLayoutOptions options);

  // The number of rows, and the length of each but perhaps the last one.
  uint64_t row_count() const { return row_count_; }
  uint64_t interval_us() const { return interval_us_; }

  // The beginning and the end of a row, in microseconds.
  uint64_t RowStart(uint64_t row) const { return row * interval_us_; }
  uint64_t RowEnd(uint64_t row) const;

  // Returns all above the rows.
  std::string Head() const;
  // Returns a row with a text for each column of numbers.
  std::string Row(uint64_t row, const std::vector<std::string>& numbers) const;
  // Returns all below the rows.
  std::string Foot() const;

 private:
  void SetTimeWidths();
  void SetWidths();

  // Returns microseconds as seconds with the decimals of the report. Their
  // whole part has `width` characters at least.
  std::string Seconds(uint64_t microseconds, int width) const;

  std::string DurationLine() const;
  std::string IntervalLine() const;
  std::string DescriptionLines() const;
  std::string ColumnNumberLine() const;
  std::string TitleLine() const;
  std::string RowTime(uint64_t row) const;
  std::string RelativeRowTime(uint64_t row) const;
  // Returns what fills the box to the right of the columns.
  std::string Filler() const;
  // Returns `text` as a line of the box. `assumed_width` is what its width is
  // taken for.
  std::string BoxLine(absl::string_view text, int assumed_width) const;
  std::string BoxLine(absl::string_view text) const;

  const IoLayoutOptions options_;
  // Rounded up to the decimals.
  uint64_t duration_us_ = 0;
  uint64_t interval_us_ = 0;
  uint64_t row_count_ = 0;
  int decimals_ = 0;
  // A unit of the last decimal, in microseconds.
  uint64_t unit_us_ = 1;
  // The digits of the duration's seconds, before and after it was rounded.
  int exact_digits_ = 1;
  int digits_ = 1;
  int time_width_ = 0;
  int table_width_ = 0;
  int box_width_ = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_IO_STAT_LAYOUT_H_
