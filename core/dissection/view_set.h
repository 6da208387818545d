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

// Dissects each frame of a capture once, with everything that any of its views
// needs, and shows it to each view as if that were the only one.
class ViewSet {
 public:
  enum class Measure { kNo, kYes };

  // `columns` is null unless a view needs columns. Nothing is owned; everything
  // outlives this.
  ViewSet(Pass pass, FrameDissector* dissector, ColumnSet* columns)
      : pass_(pass), dissector_(dissector), columns_(columns) {}
  ~ViewSet() { Release(); }
  ViewSet(const ViewSet&) = delete;
  ViewSet& operator=(const ViewSet&) = delete;

  // Adds a view, which is not owned and outlives this unless it is removed.
  void Add(CaptureView* view);
  void Remove(CaptureView* view);

  // Dissects the dissector's last record as `frame`, and passes the frame to
  // the sinks of all views that contain it. There must be a view. Can measure
  // the processor time of this, in total and for each view. Errors: the sinks'.
  absl::Status Dissect(frame_data* frame, Measure measure = Measure::kNo);

  // Changes libwireshark's state and the views as Dissect does, but passes
  // nothing to sinks. Cheaper if views need more than their filters do.
  void Replay(frame_data* frame);

  // Dissects the frame with everything that Dissect does, but passes nothing to
  // sinks. In the first pass some dissectors would learn less without a tree.
  void Repeat(frame_data* frame);

  // Frees the epan_dissect_t. Call it before the dissector is reset.
  void Release();

  // The processor time of the frames that were measured.
  std::chrono::nanoseconds* spent() { return &spent_; }

 private:
  enum class Send { kNo, kYes };

  void MakeEdt();
  // Tells libwireshark what the views need of the next frame.
  void Prime(frame_data* frame);
  // Dissects the frame into `edt` as the first view sees it.
  void Run(epan_dissect_t* edt, frame_data* frame, ColumnSet* columns);
  // If the view contains the frame, counts it and passes it to the sink.
  absl::Status Show(CaptureView* view, epan_dissect_t* edt, frame_data* frame,
                    Send send);
  // Sets the properties of the frame that depend on earlier frames of the view.
  void SetHistory(const CaptureView& view, epan_dissect_t* edt,
                  frame_data* frame);
  // Returns the columns with the frame's texts; null unless there are columns.
  ColumnSet* FillColumns(epan_dissect_t* edt, const frame_data& frame);
  void Finish(epan_dissect_t* edt, const frame_data& frame);

  const Pass pass_;
  FrameDissector* const dissector_;
  ColumnSet* const columns_;
  std::vector<CaptureView*> views_;

  // The epan_dissect_t of the current views; null until the next frame after
  // views have changed.
  EpanDissectPtr edt_;
  EpanDissectPtr replay_edt_;
  // Whether `edt_` has visible trees, and looks for colouring rules.
  bool visible_ = false;
  bool colors_ = false;
  // The number of the previous displayed frame that the tree refers to.
  uint32_t tree_previous_ = 0;
  // The number of the previous displayed frame and the cumulative bytes that
  // the columns refer to, once they are filled in.
  std::optional<std::pair<uint32_t, uint32_t>> filled_;
  std::chrono::nanoseconds spent_{0};
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_VIEW_SET_H_
