// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_FOLLOW_ARGUMENT_H_
#define CORE_ANALYSIS_FOLLOW_ARGUMENT_H_

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "core/analysis/follower.h"

namespace dissectd::engine {

// How the report shows the bytes of a stream.
enum class FollowMode { kAscii, kEbcdic, kHex, kRaw, kYaml };

// Returns the word that tshark has for a mode.
const char* FollowModeName(FollowMode mode);

// The arguments of the report `follow`.
struct FollowArgument {
  FollowMode mode = FollowMode::kAscii;
  // The number of the stream; absent if the endpoints select it.
  std::optional<uint32_t> stream;
  std::optional<uint32_t> sub_stream;
  std::array<NumericEndpoint, 2> endpoints;
  // The records to show, counted from 1.
  uint32_t first = 1;
  uint32_t last = std::numeric_limits<uint32_t>::max();
};

// Parses what follows the name of the report, as tshark does: for example
// `,hex,0,1-3`. Numbers are read as scanf reads them. Errors:
// REPORT_ARGUMENT_INVALID.
absl::StatusOr<FollowArgument> ParseFollowArgument(const std::string& text,
                                                   bool has_sub_streams);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_FOLLOW_ARGUMENT_H_
