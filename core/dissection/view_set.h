// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_VIEW_SET_H_
#define CORE_DISSECTION_VIEW_SET_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/frame_dissector.h"
#include "core/epan/columns.h"
#include "core/epan/handles.h"

namespace dissectd::engine {

// Dissects each frame of a capture once, with all that any of its views needs,
// and shows it to each view as if the view were alone.
class ViewSet {
 public:
  enum class Measure { kNo, kYes };

  // `columns` is null unless a view needs columns. Nothing is owned; all
  // outlives this.
  ViewSet(Pass pass, FrameDissector* dissector, ColumnSet* columns)
      : pass_(pass), dissector_(dissector), columns_(columns) {}
  ~ViewSet() { Release(); }
  ViewSet(const ViewSet&) = delete;
  ViewSet& operator=(const ViewSet&) = delete;

  // A view is not owned and outlives this, unless it is removed before.
  void Add(CaptureView* view);
  void Remove(CaptureView* view);

  // Dissects the record that the dissector has read last as `frame`, and passes
  // the frame to the sinks of the views that it is in. There must be a view.
  // Can measure the processor time of this, in all and for each view. Errors:
  // the sinks'.
  absl::Status Dissect(frame_data* frame, Measure measure = Measure::kNo);

  // Does to libwireshark's state and to the views what Dissect does, but passes
  // nothing to sinks. Cheaper if views need more than their filters do.
  void Replay(frame_data* frame);

  // Frees what frames are dissected into. To be called before the dissector is
  // reset.
  void Release();

  // The processor time of the frames that were measured.
  std::chrono::nanoseconds* spent() { return &spent_; }

 private:
  enum class Send { kNo, kYes };

  void MakeEdt();
  void Prime();
  // Has `edt` dissect the frame as the first view sees it.
  void Run(epan_dissect_t* edt, frame_data* frame, ColumnSet* columns);
  // Counts the frame for the view if it is in it, and passes it to the sink.
  absl::Status Show(CaptureView* view, epan_dissect_t* edt, frame_data* frame,
                    Send send);
  // Has libwireshark say of the frame what depends on the view's frames before
  // it.
  void SetHistory(const CaptureView& view, epan_dissect_t* edt,
                  frame_data* frame);
  // Returns the columns with the frame's texts; null unless there are columns.
  ColumnSet* FillColumns(epan_dissect_t* edt, const frame_data& frame);
  void Finish(epan_dissect_t* edt, const frame_data& frame);

  const Pass pass_;
  FrameDissector* const dissector_;
  ColumnSet* const columns_;
  std::vector<CaptureView*> views_;

  // What frames are dissected into; null until the next frame if the views have
  // changed.
  EpanDissectPtr edt_;
  EpanDissectPtr replay_edt_;
  // Whether `edt_` has visible trees.
  bool visible_ = false;
  // The number of the displayed frame before the current one that the tree
  // refers to.
  uint32_t tree_previous_ = 0;
  // That number and the cumulative bytes that the columns refer to, once they
  // are filled in.
  std::optional<std::pair<uint32_t, uint32_t>> filled_;
  std::chrono::nanoseconds spent_{0};
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_VIEW_SET_H_
