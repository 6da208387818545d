// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_COMPILED_VIEW_H_
#define CORE_DISSECTION_COMPILED_VIEW_H_

#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "core/encode/field_set.h"
#include "core/epan/display_filter.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// What a view needs of a frame's dissection, and which frames are in it.
class CompiledView {
 public:
  // `wanted_fields` must be in a frame's tree, however small it is. Neither is
  // owned; both outlive this. Errors: those of CompileDisplayFilter.
  static absl::StatusOr<CompiledView> Compile(const View& view,
                                              const FieldSet& wanted_fields);

  bool has_filter() const { return filter_ != nullptr; }

  // Whether it needs a tree for the filter or for what is sent; columns do so
  // by themselves.
  bool NeedsTree() const { return has_filter() || view_->WantsNodes(); }
  // Labels that dissectors set are only kept in a visible tree.
  bool NeedsVisibleTree() const;

  // Tells libwireshark what the filter needs of the next frame.
  void PrimeFilter(epan_dissect_t* edt) const;
  // The same for the wanted fields. A visible tree has them in any case.
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
  CompiledView(const View& view, const FieldSet& wanted_fields,
               DisplayFilterPtr filter)
      : view_(&view),
        wanted_fields_(&wanted_fields),
        filter_(std::move(filter)) {}

  const View* view_;
  const FieldSet* wanted_fields_;
  DisplayFilterPtr filter_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_COMPILED_VIEW_H_
