// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/io_stat_numbers.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "dissectd/v1/common.schema.h"

namespace dissectd::engine {
namespace {

using schema::IoCalculation;

constexpr uint64_t kMicroseconds = 1000000;
constexpr uint64_t kNanoseconds = 1000000000;

// How the numbers of a series are written.
enum class NumberKind { kUnsigned, kSigned, kReal, kTime, kLoad };

NumberKind KindOf(const IoSeriesOptions& options) {
  switch (options.calculation) {
    case IoCalculation::kFramesAndBytes:
    case IoCalculation::kFrames:
    case IoCalculation::kBytes:
    case IoCalculation::kCount:
      return NumberKind::kUnsigned;
    case IoCalculation::kLoad:
      return NumberKind::kLoad;
    default:
      break;
  }
  switch (options.type) {
    case FT_FLOAT:
    case FT_DOUBLE:
      return NumberKind::kReal;
    case FT_RELATIVE_TIME:
      return NumberKind::kTime;
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
    case FT_INT64:
      return NumberKind::kSigned;
    default:
      return NumberKind::kUnsigned;
  }
}

int Digits(uint64_t value, int most) {
  return std::min(most, static_cast<int>(absl::StrCat(value).size()));
}

// Returns what the sum of values is divided by.
uint32_t Divisor(const IoSeriesOptions& options, const IoBucket& bucket) {
  const bool is_average = options.calculation == IoCalculation::kAvg;
  return is_average ? std::max(bucket.values, uint32_t{1}) : 1;
}

// Returns a number of microseconds as tshark does, which takes seconds for a
// number of 32 bits.
std::string SecondsText(uint64_t seconds, uint64_t microseconds) {
  return absl::StrFormat("%u.%06u", static_cast<uint32_t>(seconds),
                         static_cast<uint32_t>(microseconds));
}

std::string LoadText(uint64_t total, uint64_t length_us) {
  if (length_us == 0) return SecondsText(0, 0);
  return SecondsText(total / length_us,
                     total % length_us * kMicroseconds / length_us);
}

std::string NumberText(const IoSeriesOptions& options, const IoBucket& bucket,
                       uint64_t length_us) {
  const uint32_t divisor = Divisor(options, bucket);
  const uint64_t number = bucket.total / divisor;
  switch (KindOf(options)) {
    case NumberKind::kUnsigned:
      break;
    case NumberKind::kSigned:
      return absl::StrCat(static_cast<int64_t>(number));
    case NumberKind::kReal:
      return absl::StrFormat("%.6f", bucket.real / divisor);
    case NumberKind::kTime: {
      const uint64_t microseconds = (number + 500) / 1000;
      return SecondsText(microseconds / kMicroseconds,
                         microseconds % kMicroseconds);
    }
    case NumberKind::kLoad:
      return LoadText(number, length_us);
  }
  return absl::StrCat(number);
}

int WidthOf(const IoSeries& series, uint64_t interval_us) {
  constexpr int kDecimalsWidth = 7;
  const uint64_t most = series.most_total();
  switch (KindOf(series.options())) {
    case NumberKind::kUnsigned:
    case NumberKind::kSigned:
      return Digits(most, 15);
    case NumberKind::kReal:
      return Digits(most, 15) + kDecimalsWidth;
    case NumberKind::kTime:
      return Digits((most + kNanoseconds / 2) / kNanoseconds, 15) +
             kDecimalsWidth;
    case NumberKind::kLoad:
      break;
  }
  return Digits(interval_us == 0 ? 0 : most / interval_us, 15) + kDecimalsWidth;
}

using RowBuilder = protozero::pbf_builder<schema::IoRow>;
using CellBuilder = protozero::pbf_builder<schema::Cell>;

void AddUnsignedCell(uint64_t number, RowBuilder* row) {
  CellBuilder(*row, schema::IoRow::kValues)
      .add_uint64(schema::Cell::kUnsignedValue, number);
}

void AddTime(int64_t nanoseconds, CellBuilder* cell) {
  constexpr auto kSecond = static_cast<int64_t>(kNanoseconds);
  protozero::pbf_builder<schema::TimeValue> time(*cell,
                                                 schema::Cell::kTimeValue);
  time.add_sint64(schema::TimeValue::kSeconds, nanoseconds / kSecond);
  time.add_sint32(schema::TimeValue::kNanos,
                  static_cast<int32_t>(nanoseconds % kSecond));
}

}  // namespace

IoColumnLayout LayoutOf(const IoSeries& series, uint64_t interval_us) {
  const IoSeriesOptions& options = series.options();
  constexpr int kFramesWidth = 6;
  constexpr int kBytesWidth = 5;
  const int frames_width =
      std::max(kFramesWidth, Digits(series.most_frames(), 15));
  const int width = WidthOf(series, interval_us);
  switch (options.calculation) {
    case IoCalculation::kFramesAndBytes:
      return {
          options.text.empty() ? "Frames and bytes" : options.text,
          {{"Frames", frames_width}, {"Bytes", std::max(kBytesWidth, width)}}};
    case IoCalculation::kFrames:
      return {options.text, {{options.title, frames_width}}};
    default:
      return {options.text,
              {{options.title,
                std::max(static_cast<int>(options.title.size()), width)}}};
  }
}

void AppendNumbers(const IoSeriesOptions& options, const IoBucket& bucket,
                   uint64_t length_us, std::vector<std::string>* numbers) {
  switch (options.calculation) {
    case IoCalculation::kFrames:
      numbers->push_back(absl::StrCat(bucket.frames));
      return;
    case IoCalculation::kFramesAndBytes:
      numbers->push_back(absl::StrCat(bucket.frames));
      break;
    default:
      break;
  }
  numbers->push_back(NumberText(options, bucket, length_us));
}

void AddCells(const IoSeriesOptions& options, const IoBucket& bucket,
              uint64_t length_us, RowBuilder* row) {
  if (options.calculation == IoCalculation::kFramesAndBytes ||
      options.calculation == IoCalculation::kFrames) {
    AddUnsignedCell(bucket.frames, row);
  }
  if (options.calculation == IoCalculation::kFrames) return;
  const uint32_t divisor = Divisor(options, bucket);
  const auto total = static_cast<int64_t>(bucket.total);
  const NumberKind kind = KindOf(options);
  if (kind == NumberKind::kUnsigned) {
    AddUnsignedCell(bucket.total / divisor, row);
    return;
  }
  CellBuilder cell(*row, schema::IoRow::kValues);
  if (kind == NumberKind::kSigned) {
    cell.add_sint64(schema::Cell::kSignedValue, total / divisor);
  } else if (kind == NumberKind::kReal) {
    cell.add_double(schema::Cell::kDoubleValue, bucket.real / divisor);
  } else if (kind == NumberKind::kTime) {
    AddTime(total / divisor, &cell);
  } else {
    cell.add_double(schema::Cell::kDoubleValue,
                    length_us == 0 ? 0.0
                                   : static_cast<double>(bucket.total) /
                                         static_cast<double>(length_us));
  }
}

}  // namespace dissectd::engine
