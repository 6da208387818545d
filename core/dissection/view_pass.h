// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_VIEW_PASS_H_
#define CORE_DISSECTION_VIEW_PASS_H_

#include <cstdint>

#include "absl/status/status.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/opened_capture.h"
#include "core/dissection/progress_timer.h"
#include "core/dissection/resumption.h"
#include "core/dissection/view_set.h"
#include "core/epan/columns.h"
#include "core/epan/handles.h"
#include "core/ipc/protocol.h"

namespace dissectd::engine {

// Shows the frames of an opened capture to one view, in one pass.
//
// Every method that sends returns the error of the view's sink.
class ViewPass {
 public:
  // `columns` is null unless the view needs columns. Begins after the first
  // `position` frames, which an earlier pass has read. Nothing is owned;
  // everything outlives this.
  ViewPass(OpenedCapture* capture, CaptureView* view, ColumnSet* columns,
           Resumption resumption = Resumption(), uint32_t position = 0);

  // Shows all frames, in this process.
  absl::Status Run();

  // Whether no further frame can be in the view.
  bool IsOver() const {
    return pass_.IsOver() || view_->IsOver(pass_.position());
  }

  // The number of the last frame that was read.
  uint32_t position() const { return pass_.position(); }

  // Reads the next frame. Returns null after the last one, and on an error,
  // which the file then has.
  frame_data* Next() { return pass_.Next(); }
  // Dissects the frame that was read, and passes it to the sink if it is in the
  // view.
  absl::Status Dissect(frame_data* frame) { return views_.Dissect(frame); }
  // Dissects the frame only because later ones depend on it.
  void Replay(frame_data* frame) { views_.Replay(frame); }
  // Treats the frame as one that can't be dissected, and says so.
  absl::Status LeaveOut(frame_data* frame, const ipc::KnownCrash& crash);

  const Resumption& resumption() const { return resumption_; }

  // Sends Progress if it is due.
  absl::Status MaybeSendProgress();

 private:
  // Dissects the frame that was read unless it can't be dissected, and sends
  // what an earlier worker hasn't sent.
  absl::Status Show(frame_data* frame);

  OpenedCapture* const capture_;
  CaptureView* const view_;
  const Resumption resumption_;
  FramePass pass_;
  ViewSet views_;
  ProgressTimer progress_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_VIEW_PASS_H_
