// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_COMPILED_VIEW_H_
#define CORE_DISSECTION_COMPILED_VIEW_H_

#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "core/encode/frame_sink.h"
#include "core/epan/display_filter.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// What a view needs of a frame's dissection, and which frames are in it.
class CompiledView {
 public:
  // `needs` are those of the sink that the view's frames go to. `view` is not
  // owned and outlives this. Errors: those of CompileDisplayFilter.
  static absl::StatusOr<CompiledView> Compile(const View& view,
                                              const FrameNeeds& needs);

  bool has_filter() const { return filter_ != nullptr; }

  // Whether the filter or the sink needs a tree. Columns may need one too.
  bool NeedsTree() const {
    return has_filter() || needs_.tree || needs_.visible_tree;
  }
  bool NeedsVisibleTree() const { return needs_.visible_tree; }

  // Tells libwireshark what the filter needs of the next frame.
  void PrimeFilter(epan_dissect_t* edt) const;
  // Tells libwireshark which fields the sink needs of the next frame. A visible
  // tree has them in any case.
  void PrimeFields(epan_dissect_t* edt) const;

  // Whether the frame that `edt` has dissected passes the filter.
  bool Passes(epan_dissect_t* edt) const {
    return !has_filter() || dfilter_apply_edt(filter_.get(), edt);
  }

  // Whether the range has begun.
  bool InRange(uint32_t number) const { return number >= view_->range.first; }
  // Whether the range ends with the frames that were read, or sent.
  bool EndsWithRead(uint32_t frames_read) const {
    return view_->range.last != 0 && frames_read >= view_->range.last;
  }
  bool EndsWithSent(uint32_t frames_sent) const {
    return view_->range.limit != 0 && frames_sent >= view_->range.limit;
  }

 private:
  CompiledView(const View& view, const FrameNeeds& needs,
               DisplayFilterPtr filter)
      : view_(&view), needs_(needs), filter_(std::move(filter)) {}

  const View* view_;
  FrameNeeds needs_;
  DisplayFilterPtr filter_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_COMPILED_VIEW_H_
