// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/request/frame_range.h"

#include <protozero/pbf_message.hpp>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

constexpr int32_t kNanosPerSecond = 1'000'000'000;

bool IsBefore(const FrameTime& a, const FrameTime& b) {
  return std::tie(a.seconds, a.nanos) < std::tie(b.seconds, b.nanos);
}

FrameTime ReadTime(protozero::data_view bytes) {
  FrameTime time;
  protozero::pbf_message<schema::TimeValue> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::TimeValue::kSeconds:
        time.seconds = message.get_sint64();
        break;
      case schema::TimeValue::kNanos:
        time.nanos = message.get_sint32();
        break;
      default:
        message.skip();
    }
  }
  return time;
}

absl::Status RangeInvalid(absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {"FRAME_RANGE_INVALID", {}, {}});
}

}  // namespace

bool FrameRange::HasTime(const std::optional<FrameTime>& time) const {
  if (!has_times()) return true;
  if (!time.has_value()) return false;
  return (!from.has_value() || !IsBefore(*time, *from)) &&
         (!until.has_value() || IsBefore(*time, *until));
}

FrameRange ReadFrameRange(absl::string_view bytes) {
  FrameRange range;
  protozero::pbf_message<schema::FrameRange> message(
      protozero::data_view(bytes.data(), bytes.size()));
  while (message.next()) {
    switch (message.tag()) {
      case schema::FrameRange::kFirstFrame:
        range.first = message.get_uint32();
        break;
      case schema::FrameRange::kLastFrame:
        range.last = message.get_uint32();
        break;
      case schema::FrameRange::kLimit:
        range.limit = message.get_uint32();
        break;
      case schema::FrameRange::kFromTime:
        range.from = ReadTime(message.get_view());
        break;
      case schema::FrameRange::kUntilTime:
        range.until = ReadTime(message.get_view());
        break;
      default:
        message.skip();
    }
  }
  return range;
}

absl::Status FrameNotFound(uint32_t frame, uint32_t frames) {
  return MakeError(
      absl::StatusCode::kOutOfRange,
      absl::StrCat("The capture has ", frames,
                   " frames, and none with the number ", frame, "."),
      {"FRAME_NOT_FOUND",
       {{"frame", absl::StrCat(frame)}, {"frames", absl::StrCat(frames)}},
       {}});
}

absl::Status CheckFrameRange(const FrameRange& range) {
  for (const std::optional<FrameTime>& time : {range.from, range.until}) {
    if (time.has_value() &&
        (time->nanos < 0 || time->nanos >= kNanosPerSecond)) {
      return RangeInvalid(
          "The nanoseconds of a range's time must be between 0 and "
          "999,999,999.");
    }
  }
  if (range.from.has_value() && range.until.has_value() &&
      !IsBefore(*range.from, *range.until)) {
    return RangeInvalid("The range ends before it begins.");
  }
  return absl::OkStatus();
}

absl::Status CheckUnlimitedRange(const FrameRange& range) {
  RETURN_IF_ERROR(CheckFrameRange(range));
  if (range.limit == 0) return absl::OkStatus();
  return RangeInvalid("The range of this request can't have a limit.");
}

}  // namespace dissectd::engine
