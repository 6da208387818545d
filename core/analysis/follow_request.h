// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_FOLLOW_REQUEST_H_
#define CORE_ANALYSIS_FOLLOW_REQUEST_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/analysis/follower.h"

namespace dissectd::engine {

// dissectd.v1.FollowStreamRequest as a plain struct.
struct FollowRequest {
  std::string source;
  const Follower* follower = nullptr;
  // One of these three is present.
  std::optional<uint32_t> stream;
  std::optional<uint32_t> frame_number;
  std::optional<std::array<NumericEndpoint, 2>> endpoints;
  // Present only if `stream` is.
  std::optional<uint32_t> sub_stream;
  // The maximum number of bytes to send; 0 for all.
  uint64_t max_bytes = 0;
};

// Parses a request. Errors: those of ReadRequest, FOLLOWER_UNKNOWN and
// STREAM_SELECTION_INVALID.
absl::StatusOr<FollowRequest> ParseFollowRequest(absl::string_view bytes);

// Returns the follower with this name. Errors: INVALID_ARGUMENT
// (FOLLOWER_UNKNOWN).
absl::StatusOr<const Follower*> RequireFollower(absl::string_view name);

// Returns the error STREAM_SELECTION_INVALID.
absl::Status SelectionError(absl::string_view message);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_FOLLOW_REQUEST_H_
