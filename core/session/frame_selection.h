// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_FRAME_SELECTION_H_
#define CORE_SESSION_FRAME_SELECTION_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/opened_capture.h"

namespace dissectd::engine {

// What follows an ipc::FrameSelection.
struct FrameSelection {
  // A bit for each frame that passes the filter, from frame 1 on, lowest first.
  absl::string_view bitmap;
  std::vector<uint32_t> frames;
};

// Removes a selection from the front of a request. Errors: INTERNAL.
absl::StatusOr<FrameSelection> TakeSelection(absl::string_view* request);

// What each frame refers to in a view with a filter: the frames before it that
// pass.
class FilteredHistory {
 public:
  // Nothing is owned; everything outlives this.
  FilteredHistory(absl::string_view bitmap, OpenedCapture* capture)
      : bitmap_(bitmap), capture_(capture) {}

  // Returns the history before the frame, which isn't before that of the last
  // call.
  const CaptureView::History& Before(uint32_t frame);

  // Whether the frame passes the filter.
  bool Passes(uint32_t frame) const;

 private:
  const absl::string_view bitmap_;
  OpenedCapture* const capture_;
  // The next frame that isn't in the history.
  uint32_t next_ = 1;
  CaptureView::History history_;
};

}  // namespace dissectd::engine

#endif  // CORE_SESSION_FRAME_SELECTION_H_
