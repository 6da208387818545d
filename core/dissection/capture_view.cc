// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/capture_view.h"

#include <utility>

#include "core/base/status_macros.h"

namespace dissectd::engine {

std::optional<FrameTime> TimeOf(const frame_data& frame) {
  if (frame.has_ts == 0) return std::nullopt;
  return FrameTime{frame.abs_ts.secs, frame.abs_ts.nsecs};
}

absl::StatusOr<CaptureView> CaptureView::Create(const View& view,
                                                FrameSink* sink) {
  ASSIGN_OR_RETURN(DisplayFilterPtr filter,
                   CompileDisplayFilter(view.display_filter));
  return CaptureView(view, sink, std::move(filter));
}

bool CaptureView::InRange(const frame_data& frame) const {
  const FrameRange& range = view_->range;
  if (frame.num < range.first) return false;
  return !range.has_times() || range.HasTime(TimeOf(frame));
}

void CaptureView::PrimeFields(epan_dissect_t* edt) const {
  if (needs_.fields == nullptr) return;
  for (const int id : needs_.fields->ids()) {
    epan_dissect_prime_with_hfid(edt, id);
  }
}

}  // namespace dissectd::engine
