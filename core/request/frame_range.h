// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_REQUEST_FRAME_RANGE_H_
#define CORE_REQUEST_FRAME_RANGE_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace dissectd::engine {

// A dissectd.v1.FrameRange.
struct FrameRange {
  uint32_t first = 0;
  uint32_t last = 0;
  uint32_t limit = 0;
};

// Parses a serialised FrameRange. Throws protozero::exception if it is
// malformed.
FrameRange ReadFrameRange(absl::string_view bytes);

}  // namespace dissectd::engine

#endif  // CORE_REQUEST_FRAME_RANGE_H_
