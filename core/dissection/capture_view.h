// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_CAPTURE_VIEW_H_
#define CORE_DISSECTION_CAPTURE_VIEW_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/encode/frame_sink.h"
#include "core/epan/columns.h"
#include "core/epan/display_filter.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"
#include "core/request/frame_range.h"

namespace dissectd::engine {

// Returns the time of a frame, if it has one.
std::optional<FrameTime> TimeOf(const frame_data& frame);

// A view of a capture while its frames are dissected: its filter and range, the
// needs of its sink, and the frames shown before. A capture, whether a file or
// live, can have any number of views.
class CaptureView {
 public:
  // The state of the frames that passed the filter, on which later ones depend.
  struct History {
    // The last frame that passed; number 0 if none has.
    frame_data previous = {};
    // The sum of the frames' lengths, in bytes.
    uint32_t bytes = 0;

    // Adds a frame that has passed. As in Wireshark, the sum begins again at
    // time references.
    void Add(const frame_data& frame) {
      previous = frame;
      bytes = frame.pkt_len + (frame.ref_time != 0 ? 0 : bytes);
    }

    // Null if no frame has passed.
    const frame_data* LastFrame() const {
      return previous.num == 0 ? nullptr : &previous;
    }
  };

  // Compiles the filter. `view` and `sink` are not owned and outlive this.
  // Errors: those of CompileDisplayFilter.
  static absl::StatusOr<CaptureView> Create(const View& view, FrameSink* sink);

  FrameSink& sink() const { return *sink_; }
  bool has_filter() const { return filter_ != nullptr; }

  // Whether the filter or the sink needs a tree. Columns may need one too.
  bool NeedsTree() const {
    return has_filter() || needs_.tree || needs_.visible_tree || needs_.colors;
  }
  bool NeedsVisibleTree() const { return needs_.visible_tree; }
  bool NeedsColors() const { return needs_.colors; }

  // Tells libwireshark what the filter needs of the next frame.
  void PrimeFilter(epan_dissect_t* edt) const {
    engine::PrimeFilter(filter_.get(), edt);
  }
  // Tells libwireshark which fields the sink needs of the next frame. A visible
  // tree has them in any case.
  void PrimeFields(epan_dissect_t* edt) const;

  // Whether the frame that `edt` has dissected passes the filter.
  bool Passes(epan_dissect_t* edt) const {
    return PassesFilter(filter_.get(), edt);
  }

  // Whether a frame that was read is in the view's range.
  bool InRange(const frame_data& frame) const;
  // Whether the range ends with the first `frames_read` frames.
  bool EndsWithRead(uint32_t frames_read) const {
    return view_->range.last != 0 && frames_read >= view_->range.last;
  }
  // Whether the range ends after `frames_sent` frames of the view.
  bool EndsWithSent(uint32_t frames_sent) const {
    return view_->range.limit != 0 && frames_sent >= view_->range.limit;
  }
  // Whether no further frame can be in the view, after `frames_read` frames of
  // the capture.
  bool IsOver(uint32_t frames_read) const {
    return EndsWithSent(frames_sent_) || EndsWithRead(frames_read);
  }

  // Counts a frame of the view, and passes it to the sink. Errors: the sink's.
  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) {
    CountFrame();
    return sink_->AddFrame(edt, frame, columns);
  }
  // Counts a frame of the view that another process passes to the sink.
  void CountFrame() { ++frames_sent_; }
  uint32_t frames_sent() const { return frames_sent_; }
  void set_frames_sent(uint32_t frames) { frames_sent_ = frames; }

  // Counts a frame that is left out because it crashed a process.
  void CountCrash() { ++frames_crashed_; }
  uint32_t frames_crashed() const { return frames_crashed_; }
  void set_frames_crashed(uint32_t frames) { frames_crashed_ = frames; }

  const History& history() const { return history_; }
  void set_history(const History& history) { history_ = history; }
  // Adds a frame that has passed the filter to the history.
  void Remember(const frame_data& frame) {
    history_.previous = frame;
    history_.bytes = frame.cum_bytes;
  }

  // The processor time that the view took in the frames that were measured.
  std::chrono::nanoseconds* spent() { return &spent_; }

 private:
  CaptureView(const View& view, FrameSink* sink, DisplayFilterPtr filter)
      : view_(&view),
        sink_(sink),
        needs_(sink->needs()),
        filter_(std::move(filter)) {}

  const View* view_;
  FrameSink* sink_;
  FrameNeeds needs_;
  DisplayFilterPtr filter_;
  uint32_t frames_sent_ = 0;
  uint32_t frames_crashed_ = 0;
  History history_;
  std::chrono::nanoseconds spent_{0};
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_CAPTURE_VIEW_H_
