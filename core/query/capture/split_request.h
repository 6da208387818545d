// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_SPLIT_REQUEST_H_
#define CORE_QUERY_CAPTURE_SPLIT_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/packet_writer.h"
#include "core/request/dissect_request.h"
#include "core/request/frame_range.h"

namespace dissectd::engine {

// A dissectd.v1.SplitFileRequest.
struct SplitRequest {
  enum class Kind { kNone, kFrames, kInterval, kBytes, kStream };

  Kind kind = Kind::kNone;
  // The number of frames or of bytes, with kFrames or kBytes.
  uint64_t limit = 0;
  FrameTime interval;
  std::string follower;
  // The name of the files, without folders.
  std::string prefix;
  // Only the options are set.
  DissectRequest dissect;
  WriteOptions write;
};

// Errors: those of ParseDissectionOptions; INVALID_ARGUMENT (SPLIT_INVALID).
absl::StatusOr<SplitRequest> ParseSplitRequest(absl::string_view bytes);

// Returns the error SPLIT_INVALID.
absl::Status SplitInvalid(absl::string_view message);

// Returns the name of a file of those with this prefix, as editcap makes it:
// with a number, and the local time of its first frame, before the extension.
std::string PieceName(const std::string& prefix, uint32_t number,
                      const std::optional<FrameTime>& time);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_SPLIT_REQUEST_H_
