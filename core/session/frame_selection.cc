// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/frame_selection.h"

#include "core/ipc/query.h"
#include "core/ipc/struct_bytes.h"
#include "core/ipc/worker_channel.h"

namespace dissectd::engine {

absl::StatusOr<FrameSelection> TakeSelection(absl::string_view* request) {
  ipc::FrameSelection sizes = {};
  if (!ipc::TakeStruct(request, &sizes)) return UnexpectedMessage();
  if (request->size() < sizes.bitmap_bytes) return UnexpectedMessage();
  FrameSelection selection;
  selection.bitmap = request->substr(0, sizes.bitmap_bytes);
  request->remove_prefix(sizes.bitmap_bytes);
  for (uint32_t i = 0; i < sizes.frame_count; ++i) {
    uint32_t frame = 0;
    if (!ipc::TakeStruct(request, &frame)) return UnexpectedMessage();
    selection.frames.push_back(frame);
  }
  return selection;
}

const CaptureView::History& FilteredHistory::Before(uint32_t frame) {
  for (; next_ < frame; ++next_) {
    if (!Passes(next_)) continue;
    const frame_data* displayed = capture_->FindFrame(next_);
    if (displayed == nullptr) continue;
    history_.Add(*displayed);
  }
  return history_;
}

bool FilteredHistory::Passes(uint32_t frame) const {
  const size_t bit = frame - 1;
  if (bit / 8 >= bitmap_.size()) return false;
  return (static_cast<uint8_t>(bitmap_[bit / 8]) >> (bit % 8) & 1) != 0;
}

}  // namespace dissectd::engine
