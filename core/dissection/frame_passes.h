// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_FRAME_PASSES_H_
#define CORE_DISSECTION_FRAME_PASSES_H_

#include <cstdint>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/dissection/compiled_view.h"
#include "core/dissection/frame_dissector.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/display_filter.h"
#include "core/epan/epan.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// The frames of a capture file in the order of one pass or two, with the state
// between them that tshark has.
class FramePasses {
 public:
  // Opens the epan unless it is open. `options` and `epan` are not owned and
  // outlive this.
  FramePasses(const DissectionOptions& options, CompiledView view,
              DisplayFilterPtr read_filter, CaptureFile file, Epan* epan)
      : options_(options),
        dissector_(options, std::move(file), epan),
        view_(std::move(view)),
        read_filter_(std::move(read_filter)) {}
  FramePasses(const FramePasses&) = delete;
  FramePasses& operator=(const FramePasses&) = delete;

  // Compiles the read filter, if there are two passes. Errors: those of
  // CompileDisplayFilter.
  static absl::StatusOr<DisplayFilterPtr> CompileReadFilter(
      const DissectionOptions& options);

  FrameDissector& dissector() { return dissector_; }
  const FrameDissector& dissector() const { return dissector_; }
  const CompiledView& view() const { return view_; }

  // Whether frames can be told apart by dissection only.
  bool IsFiltered() const {
    return read_filter_ != nullptr || view_.has_filter();
  }

  // The first of two passes: dissects all frames, or none of them but keeps
  // all. Calls `after_frame` after each, whose errors it returns.
  absl::Status RunFirst(bool dissect,
                        absl::FunctionRef<absl::Status()> after_frame);

  // Whether Next has no more frames, or shall give none. Notes whether the
  // view's range is the reason.
  bool IsOver();
  // Reads the next frame of the last pass. Null at the end and on an error.
  frame_data* Next();

  // Creates what Dissect dissects frames into.
  EpanDissectPtr NewEdt(bool tree, bool visible) const {
    return dissector_.NewEdt(last_pass(), tree, visible);
  }

  // Dissects that frame, and calls `passed` if it passes the view's filter.
  // Returns its errors.
  absl::Status Dissect(epan_dissect_t* edt, frame_data* frame,
                       ColumnSet* columns,
                       absl::FunctionRef<absl::Status()> passed);

  uint32_t frames_read() const { return frames_read_; }
  // Frames that passed the read filter; only with two passes.
  uint32_t frames_kept() const { return frames_kept_; }
  // Whether reading ended because of the view's range.
  bool is_limited() const { return limited_; }
  // Whether Next found the end.
  bool end_reached() const { return end_reached_; }

 private:
  Pass last_pass() const {
    return options_.two_pass ? Pass::kSecond : Pass::kOnly;
  }
  // Says whether the frame passed the read filter. A null `edt` keeps all.
  bool KeepFrame(epan_dissect_t* edt, frame_data* frame);
  bool PassesReadFilter(epan_dissect_t* edt, frame_data* frame);
  // Whether the view's range ends with the frames that were read.
  bool LastFrameRead();

  const DissectionOptions& options_;
  FrameDissector dissector_;
  const CompiledView view_;
  const DisplayFilterPtr read_filter_;
  FrameSequencePtr frames_;
  uint32_t cumulative_bytes_ = 0;
  uint32_t frames_read_ = 0;
  uint32_t frames_kept_ = 0;
  // In the second pass.
  uint32_t frames_again_ = 0;
  bool limited_ = false;
  bool end_reached_ = false;
  // The frame in work, in a single pass.
  frame_data passing_frame_ = {};
  // A copy that the provider points to.
  frame_data previous_displayed_ = {};
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_FRAME_PASSES_H_
