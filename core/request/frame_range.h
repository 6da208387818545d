// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_REQUEST_FRAME_RANGE_H_
#define CORE_REQUEST_FRAME_RANGE_H_

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {

// A time since 1970-01-01 00:00:00 UTC, as captures have it.
struct FrameTime {
  int64_t seconds = 0;
  int32_t nanos = 0;
};

// A dissectd.v1.FrameRange.
struct FrameRange {
  uint32_t first = 0;
  uint32_t last = 0;
  uint32_t limit = 0;
  std::optional<FrameTime> from;
  std::optional<FrameTime> until;

  bool HasNumber(uint32_t number) const {
    return number >= first && (last == 0 || number <= last);
  }
  bool has_times() const { return from.has_value() || until.has_value(); }
  // Whether a frame is in the range by its time, which may have none.
  bool HasTime(const std::optional<FrameTime>& time) const;
};

// Parses a serialised FrameRange. Throws protozero::exception if it is
// malformed.
FrameRange ReadFrameRange(absl::string_view bytes);

// Returns the error for a frame that a capture with `frames` frames doesn't
// have: OUT_OF_RANGE (FRAME_NOT_FOUND).
absl::Status FrameNotFound(uint32_t frame, uint32_t frames);

// Checks the times of a range. Errors: INVALID_ARGUMENT (FRAME_RANGE_INVALID).
absl::Status CheckFrameRange(const FrameRange& range);

// Checks the times of a range, and that it has no limit. Errors:
// INVALID_ARGUMENT (FRAME_RANGE_INVALID).
absl::Status CheckUnlimitedRange(const FrameRange& range);

}  // namespace dissectd::engine

#endif  // CORE_REQUEST_FRAME_RANGE_H_
