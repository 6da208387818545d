// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_CAPTURE_STREAM_FRAMES_H_
#define CORE_QUERY_CAPTURE_STREAM_FRAMES_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "core/query/capture/split_request.h"
#include "core/query/query.h"

namespace dissectd::engine {

// The frames of each stream of a capture.
struct StreamFrames {
  struct Frame {
    uint32_t number;
    // Where its record is, for CaptureFile::SeekRead.
    int64_t offset;
  };
  struct Stream {
    // Absent for the frames that belong to no stream.
    std::optional<uint32_t> number;
    std::vector<Frame> frames;
  };

  // In the order of their first frames.
  std::vector<Stream> streams;
};

// Dissects the capture to find the streams of the request's follower. Errors:
// those of ApplySettings and of CaptureFile::Open; FOLLOWER_UNKNOWN;
// SPLIT_INVALID if the follower's streams have no numbers.
absl::StatusOr<StreamFrames> FindStreamFrames(const QueryContext& context,
                                              const SplitRequest& request);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_CAPTURE_STREAM_FRAMES_H_
