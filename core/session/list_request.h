// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_LIST_REQUEST_H_
#define CORE_SESSION_LIST_REQUEST_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/request/dissect_request.h"
#include "core/request/frame_range.h"

namespace dissectd::engine {

// A dissectd.v1.ListFramesRequest.
struct ListRequest {
  std::string display_filter;
  // The profile's columns unless others are requested.
  ColumnSelection columns;
  uint32_t sort_column = 0;
  bool descending = false;
  bool colors = false;
  FrameRange range;
};

// Parses a request. Errors: INVALID_ARGUMENT (TEXT_HAS_NUL, REQUEST_MALFORMED),
// and those of CheckUnlimitedRange.
absl::StatusOr<ListRequest> ParseListRequest(absl::string_view bytes);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_LIST_REQUEST_H_
