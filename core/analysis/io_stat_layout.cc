// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/io_stat_layout.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace dissectd::engine {
namespace {

constexpr uint64_t kMicroseconds = 1000000;

// The box is at most this wide for the sake of its filters.
constexpr int kMaxFilterBoxWidth = 102;
// The width of a line with a filter, without the filter.
constexpr int kFilterMargin = 11;

int Digits(uint64_t value, int most) {
  int digits = 1;
  while (digits < most && value >= 10) {
    value /= 10;
    ++digits;
  }
  return digits;
}

int SecondsDigits(uint64_t microseconds) {
  return Digits(microseconds / kMicroseconds, 5);
}

std::string Repeat(int count, char character) {
  return std::string(static_cast<size_t>(std::max(count, 0)), character);
}

int Width(absl::string_view text) { return static_cast<int>(text.size()); }

// tshark omits titles above wider numbers.
constexpr int kMaxTitledWidth = 12;

// Returns the width of the columns of numbers with their right borders.
int NumbersWidth(const IoColumnLayout& column) {
  int width = 0;
  for (const IoNumberColumn& number : column.numbers) width += number.width + 3;
  return width;
}

// Cuts what fits into a line from the beginning of `text`, if possible at a
// blank.
std::string TakeLine(size_t width, absl::string_view* text) {
  if (text->size() <= width) {
    return std::string(std::exchange(*text, absl::string_view()));
  }
  const size_t blank = text->substr(0, width).rfind(' ');
  const bool has_blank = blank != absl::string_view::npos;
  std::string line(text->substr(0, has_blank ? blank : width));
  text->remove_prefix(has_blank ? blank + 1 : width);
  return line;
}

}  // namespace

IoStatLayout::IoStatLayout(IoLayoutOptions options)
    : options_(std::move(options)) {
  SetTimeWidths();
  SetWidths();
}

void IoStatLayout::SetTimeWidths() {
  duration_us_ = options_.duration_us;
  exact_digits_ = SecondsDigits(duration_us_);
  decimals_ = options_.decimals;
  if (options_.interval_us >= duration_us_) {
    decimals_ = exact_digits_ == 1 ? 3 : 1;
  }
  for (int i = decimals_; i < 6; ++i) unit_us_ *= 10;
  if (duration_us_ % unit_us_ > unit_us_ / 2) {
    duration_us_ = (duration_us_ / unit_us_ + 1) * unit_us_;
  }
  digits_ = SecondsDigits(duration_us_);
  interval_us_ = options_.interval_us > options_.duration_us
                     ? duration_us_
                     : options_.interval_us;
  if (interval_us_ > 0) {
    row_count_ = duration_us_ / interval_us_;
    if (duration_us_ % interval_us_ != 0) ++row_count_;
  }
}

void IoStatLayout::SetWidths() {
  const int decimals_width = decimals_ == 0 ? 0 : decimals_ + 1;
  time_width_ = 2 * (digits_ + decimals_width) + 8;
  const bool has_date =
      options_.times == IoTimes::kDate || options_.times == IoTimes::kDayOfYear;
  time_width_ = std::max(time_width_, has_date ? 23 : 12);
  table_width_ = time_width_;
  int filter_width = 0;
  for (const IoColumnLayout& column : options_.columns) {
    table_width_ += NumbersWidth(column);
    filter_width =
        std::max(filter_width, Width(column.description) + kFilterMargin);
  }
  const bool is_whole = options_.interval_us >= options_.duration_us;
  box_width_ = (is_whole ? 30 : 25) + exact_digits_ + decimals_width;
  box_width_ = std::max(box_width_, table_width_);
  if (filter_width > box_width_ && box_width_ < kMaxFilterBoxWidth) {
    box_width_ = std::min(filter_width, kMaxFilterBoxWidth);
  }
  if (box_width_ == table_width_ + 1) ++box_width_;
}

uint64_t IoStatLayout::RowEnd(uint64_t row) const {
  return row + 1 >= row_count_ ? duration_us_ : RowStart(row + 1);
}

std::string IoStatLayout::Seconds(uint64_t microseconds, int width) const {
  const uint64_t seconds = microseconds / kMicroseconds;
  if (decimals_ == 0) return absl::StrFormat("%*d", width, seconds);
  return absl::StrFormat("%*d.%0*d", width, seconds, decimals_,
                         microseconds % kMicroseconds / unit_us_);
}

std::string IoStatLayout::BoxLine(absl::string_view text,
                                  int assumed_width) const {
  return absl::StrCat("|", text, Repeat(box_width_ - 2 - assumed_width, ' '),
                      "|\n");
}

std::string IoStatLayout::BoxLine(absl::string_view text) const {
  return BoxLine(text, Width(text));
}

std::string IoStatLayout::DurationLine() const {
  const int assumed = 16 + digits_;
  if (decimals_ != 0) {
    return BoxLine(
        absl::StrCat(" Duration: ", Seconds(duration_us_, 1), " secs"),
        assumed + decimals_ + 1);
  }
  const uint64_t exact = options_.duration_us;
  return BoxLine(absl::StrFormat(" Duration: %d.%6d secs",
                                 exact / kMicroseconds, exact % kMicroseconds),
                 assumed + 7);
}

std::string IoStatLayout::IntervalLine() const {
  const int assumed = 16 + digits_ + (decimals_ == 0 ? 0 : decimals_ + 1);
  return BoxLine(absl::StrCat(" Interval: ",
                              Seconds(interval_us_, exact_digits_), " secs"),
                 assumed);
}

std::string IoStatLayout::DescriptionLines() const {
  std::string lines;
  for (size_t i = 0; i < options_.columns.size(); ++i) {
    absl::string_view rest = options_.columns[i].description;
    std::string margin = i == 0 ? absl::StrFormat(" Col%2d: ", i + 1)
                                : absl::StrFormat("    %2d: ", i + 1);
    do {
      const std::string line =
          TakeLine(static_cast<size_t>(box_width_ - kFilterMargin), &rest);
      absl::StrAppend(&lines, BoxLine(absl::StrCat(margin, line)));
      margin = Repeat(Width(margin), ' ');
    } while (!rest.empty());
  }
  return lines;
}

std::string IoStatLayout::Filler() const {
  if (box_width_ == table_width_) return "\n";
  return Repeat(box_width_ - table_width_ - 1, ' ') + "|\n";
}

std::string IoStatLayout::ColumnNumberLine() const {
  std::string line = absl::StrCat("|", Repeat(time_width_ - 2, ' '), "|");
  for (size_t i = 0; i < options_.columns.size(); ++i) {
    absl::StrAppendFormat(&line, "%-*d|", NumbersWidth(options_.columns[i]) - 1,
                          i + 1);
  }
  // The missing end of this line is part of the title.
  return options_.times == IoTimes::kTimeOfDay && options_.utc
             ? line + Filler().substr(0, Filler().size() - 1)
             : line + Filler();
}

std::string IoStatLayout::TitleLine() const {
  std::string line;
  switch (options_.times) {
    case IoTimes::kRelative:
      line = "| Interval";
      break;
    case IoTimes::kTimeOfDay:
      line = "| Time    ";
      break;
    case IoTimes::kDate:
    case IoTimes::kDayOfYear:
      line = "| Date and time";
      break;
  }
  const int padding = time_width_ - 1 - Width(line);
  // tshark forgets the title of this column.
  if (options_.times == IoTimes::kTimeOfDay && options_.utc) line.clear();
  absl::StrAppend(&line, Repeat(padding, ' '), "|");
  for (const IoColumnLayout& column : options_.columns) {
    for (const IoNumberColumn& number : column.numbers) {
      if (number.width > kMaxTitledWidth) continue;
      const int blanks = number.width + 2 - Width(number.title);
      absl::StrAppend(&line, Repeat((blanks + 1) / 2, ' '), number.title,
                      Repeat(blanks / 2, ' '), "|");
    }
  }
  return line + Filler();
}

std::string IoStatLayout::Head() const {
  return absl::StrCat("\n", Repeat(box_width_, '='), "\n",
                      BoxLine(" IO Statistics"), BoxLine(""), DurationLine(),
                      IntervalLine(), BoxLine(""), DescriptionLines(), "|",
                      Repeat(box_width_ - 2, '-'), "|\n", ColumnNumberLine(),
                      TitleLine(), "|", Repeat(table_width_ - 2, '-'), "|",
                      Filler());
}

std::string IoStatLayout::Foot() const {
  return Repeat(box_width_, '=') + "\n";
}

std::string IoStatLayout::RelativeRowTime(uint64_t row) const {
  const std::string start = Seconds(RowStart(row), exact_digits_);
  const std::string end = Seconds(RowEnd(row), exact_digits_);
  if (decimals_ != 0) return absl::StrCat("| ", start, " <> ", end, " |");
  const char* const margin = digits_ == 1 ? " " : "";
  if (row + 1 < row_count_) {
    return absl::StrCat("| ", margin, start, " <> ", end, margin, " |");
  }
  const int width = digits_ >= 3 ? digits_ + 1 : 3;
  return absl::StrFormat("| %s%s <> %-*s|", margin, start, width, "Dur");
}

std::string IoStatLayout::RowTime(uint64_t row) const {
  if (options_.times == IoTimes::kRelative) return RelativeRowTime(row);
  const time_t time =
      options_.start_time + static_cast<time_t>(RowStart(row) / kMicroseconds);
  struct tm parts = {};
  const bool is_valid = (options_.utc ? gmtime_r(&time, &parts)
                                      : localtime_r(&time, &parts)) != nullptr;
  const std::string time_of_day =
      is_valid ? absl::StrFormat("%02d:%02d:%02d", parts.tm_hour, parts.tm_min,
                                 parts.tm_sec)
               : "XX:XX:XX";
  if (options_.times == IoTimes::kTimeOfDay) {
    return absl::StrCat("| ", time_of_day, " |");
  }
  std::string date;
  if (options_.times == IoTimes::kDate) {
    date = is_valid ? absl::StrFormat("%04d-%02d-%02d", parts.tm_year + 1900,
                                      parts.tm_mon + 1, parts.tm_mday)
                    : "XXXX-XX-XX";
  } else {
    date = is_valid ? absl::StrFormat("%04d/%03d", parts.tm_year + 1900,
                                      parts.tm_yday + 1)
                    : "XXXX/XXX";
  }
  return absl::StrCat("| ", date, " ", time_of_day, " |");
}

std::string IoStatLayout::Row(uint64_t row,
                              const std::vector<std::string>& numbers) const {
  std::string line = RowTime(row);
  size_t next = 0;
  for (const IoColumnLayout& column : options_.columns) {
    for (const IoNumberColumn& number : column.numbers) {
      absl::StrAppendFormat(&line, " %*s |", number.width, numbers[next++]);
    }
  }
  return line + Filler();
}

}  // namespace dissectd::engine
