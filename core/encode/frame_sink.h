// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_FRAME_SINK_H_
#define CORE_ENCODE_FRAME_SINK_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/encode/field_set.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// dissectd.v1.Progress.
struct ProgressReport {
  uint32_t frames_read = 0;
  uint32_t frames_sent = 0;
  uint64_t bytes_read = 0;
  uint64_t bytes_total = 0;
  uint32_t pass = 1;
};

// dissectd.v1.EndReason.
enum class EndReason : uint32_t {
  kEndOfFile = 1,
  kLimit = 2,
  kReadError = 3,
};

// Where a dissection's frames go, from the first to the end.
//
// Every method returns an error with which the stream is over: nothing can be
// sent any more.
class FrameSink {
 public:
  virtual ~FrameSink() = default;

  // The fields that must be in a frame's tree, however small it is.
  virtual const FieldSet& wanted_fields() const = 0;

  // Takes what it wants of a frame that `edt` has dissected.
  virtual absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                                ColumnSet* columns) = 0;

  // Sends what it has kept back.
  virtual absl::Status Flush() = 0;

  // Says that these frames were deleted before they were read.
  virtual absl::Status SendLost(uint32_t first, uint32_t last) = 0;

  virtual absl::Status SendProgress(const ProgressReport& progress) = 0;

  // Another reader takes part from here on, who knows nothing of what was sent.
  virtual void AddReader() = 0;

  // `error` is null unless that is the reason.
  virtual absl::Status SendEnd(EndReason reason, const ProgressReport& totals,
                               const WtapError* error,
                               absl::string_view file_name) = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FRAME_SINK_H_
