// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/io_stat_series.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

using schema::IoCalculation;

constexpr uint64_t kNanoseconds = 1000000000;

bool IsSigned(ftenum type) {
  return type == FT_INT8 || type == FT_INT16 || type == FT_INT24 ||
         type == FT_INT32 || type == FT_INT64;
}

bool IsReal(ftenum type) { return type == FT_FLOAT || type == FT_DOUBLE; }

// Returns a value of a field that has neither real numbers nor, for a load,
// other units. Signed numbers become two's complement.
uint64_t TotalOf(const fvalue_t& value, ftenum type) {
  switch (type) {
    case FT_RELATIVE_TIME: {
      const nstime_t& time = TimeOf(value);
      return static_cast<uint64_t>(time.secs) * kNanoseconds +
             static_cast<uint64_t>(int64_t{time.nsecs});
    }
    case FT_UINT64:
      return Uint64Of(value);
    case FT_INT64:
      return static_cast<uint64_t>(Int64Of(value));
    case FT_INT8:
    case FT_INT16:
    case FT_INT24:
    case FT_INT32:
      return static_cast<uint64_t>(int64_t{Int32Of(value)});
    default:
      return Uint32Of(value);
  }
}

}  // namespace

void IoSeries::AddFrame(uint64_t time_us, uint32_t bytes,
                        const GPtrArray* values) {
  Advance(time_us);
  IoBucket& bucket = latest();
  ++bucket.frames;
  const guint count = values == nullptr ? 0 : values->len;
  switch (options_.calculation) {
    case IoCalculation::kFramesAndBytes:
    case IoCalculation::kFrames:
    case IoCalculation::kBytes:
      bucket.total += bytes;
      break;
    case IoCalculation::kCount:
      bucket.total += count;
      break;
    default:
      for (guint i = 0; i < count; ++i) {
        const auto* const field =
            static_cast<const field_info*>(values->pdata[i]);
        AddValue(ValueOf(*field), bucket.frames == 1 && i == 0);
      }
  }
  NoteWidths();
}

void IoSeries::Advance(uint64_t time_us) {
  if (interval_us_ == kWholeCapture) return;
  const uint64_t interval = time_us / interval_us_;
  if (interval <= buckets_.back().interval) return;
  Bucket bucket;
  bucket.interval = interval;
  buckets_.push_back(bucket);
}

void IoSeries::AddValue(const fvalue_t& value, bool is_first) {
  ++latest().values;
  if (IsReal(options_.type)) {
    AddReal(value, is_first);
  } else if (options_.calculation == IoCalculation::kLoad) {
    AddLoad(TotalOf(value, options_.type) / 1000);
  } else {
    AddTotal(TotalOf(value, options_.type), is_first);
  }
}

void IoSeries::AddReal(const fvalue_t& value, bool is_first) {
  const double number = DoubleOf(value);
  double& real = latest().real;
  switch (options_.calculation) {
    case IoCalculation::kMin:
      if (is_first || number < real) real = number;
      break;
    case IoCalculation::kMax:
      real = std::max(real, number);
      break;
    default:
      real += number;
  }
  // tshark calculates with the precision of the field.
  if (options_.type == FT_FLOAT) real = static_cast<float>(real);
}

void IoSeries::AddTotal(uint64_t value, bool is_first) {
  uint64_t& total = latest().total;
  const bool is_less = IsSigned(options_.type) ? static_cast<int64_t>(value) <
                                                     static_cast<int64_t>(total)
                                               : value < total;
  switch (options_.calculation) {
    case IoCalculation::kMin:
      if (is_first || is_less) total = value;
      break;
    case IoCalculation::kMax:
      if (!is_less) total = value;
      break;
    default:
      total += value;
  }
}

// Spreads the duration of a request over the intervals before its end. As in
// tshark, the latest interval comes before the first one.
void IoSeries::AddLoad(uint64_t duration_us) {
  const uint64_t intervals = interval_count();
  latest().total += duration_us % interval_us_;
  const uint64_t whole = duration_us / interval_us_;
  const uint64_t rounds = whole / intervals;
  if (rounds > 0) SpreadLoad(0, intervals, rounds * interval_us_);
  // The interval before the latest one is the first to get one of the shares
  // that are left, and the latest one gets none of them.
  const uint64_t left = whole % intervals;
  SpreadLoad(intervals - 1 - left, intervals - 1, interval_us_);
}

void IoSeries::SpreadLoad(uint64_t first, uint64_t end, uint64_t load_us) {
  const uint64_t last = buckets_.back().interval;
  if (end > last) latest().total += load_us;
  end = std::min(end, last);
  if (first >= end) return;
  load_changes_[first] += load_us;
  load_changes_[end] -= load_us;
}

void IoSeries::NoteWidths() {
  const IoBucket& bucket = latest();
  most_frames_ = std::max<uint64_t>(most_frames_, bucket.frames);
  uint64_t total = bucket.total;
  if (IsReal(options_.type)) {
    total = static_cast<uint64_t>(std::llround(bucket.real));
  }
  if (options_.calculation == IoCalculation::kAvg) {
    if (bucket.values == 0) return;
    total /= bucket.values;
  }
  most_total_ = std::max(most_total_, total);
}

void IoSeries::Reader::Advance(uint64_t interval) {
  const std::vector<Bucket>& buckets = series_->buckets_;
  while (bucket_ < buckets.size() && buckets[bucket_].interval < interval) {
    ++bucket_;
  }
  for (; change_ != series_->load_changes_.end() && change_->first <= interval;
       ++change_) {
    load_ += change_->second;
  }
}

IoBucket IoSeries::Reader::At(uint64_t interval) {
  Advance(interval);
  const std::vector<Bucket>& buckets = series_->buckets_;
  IoBucket numbers;
  if (bucket_ < buckets.size() && buckets[bucket_].interval == interval) {
    numbers = buckets[bucket_].numbers;
  }
  numbers.total += load_;
  return numbers;
}

uint64_t IoSeries::Reader::NextUsed(uint64_t interval) {
  Advance(interval);
  if (load_ != 0) return interval;
  uint64_t next = std::numeric_limits<uint64_t>::max();
  if (bucket_ < series_->buckets_.size()) {
    next = series_->buckets_[bucket_].interval;
  }
  if (change_ != series_->load_changes_.end()) {
    next = std::min(next, change_->first);
  }
  return next;
}

}  // namespace dissectd::engine
