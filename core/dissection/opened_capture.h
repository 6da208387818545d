// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_OPENED_CAPTURE_H_
#define CORE_DISSECTION_OPENED_CAPTURE_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/dissection/capture_edits.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/frame_dissector.h"
#include "core/dissection/resumption.h"
#include "core/epan/capture_file.h"
#include "core/epan/display_filter.h"
#include "core/epan/epan.h"
#include "core/epan/frame_table.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// A capture file that is open for dissection: the file, libwireshark's state of
// it and, after the first of two passes, the table of its frames. It knows no
// views; any number of views can use one opening, each with a FramePass.
//
// Dissectors change their state of conversations in each pass. So only the
// first view looks as in `tshark -2`; others need a fork of the process as it
// was after the first pass.
class OpenedCapture {
 public:
  // How far RunFirstPass has read.
  enum class FirstPassEnd { kNotRun, kFileEnd, kViewEnd };

  // What follows a file, if a capture has several.
  struct Rest {
    std::deque<CaptureFile> files;
    // How many records are read of all files together.
    uint32_t max_records = UINT32_MAX;
  };

  // Opens the epan unless it is open. A null read filter keeps all frames.
  // `options` and `epan` are not owned and outlive this.
  OpenedCapture(const DissectionOptions& options, DisplayFilterPtr read_filter,
                CaptureFile file, Epan* epan)
      : dissector_(options, std::move(file), epan),
        read_filter_(std::move(read_filter)) {}
  OpenedCapture(const OpenedCapture&) = delete;
  OpenedCapture& operator=(const OpenedCapture&) = delete;

  // Compiles the read filter, which is used only with two passes; otherwise
  // returns null. Errors: those of CompileDisplayFilter.
  static absl::StatusOr<DisplayFilterPtr> CompileReadFilter(
      const DissectionOptions& options);

  // Makes frames look as they were edited. Before any frame is read. `edits` is
  // not owned and outlives this.
  void SetEdits(CaptureEdits* edits);

  // Reads this after the file, in the first of two passes. Before any frame is
  // read.
  void SetRest(Rest rest) { rest_ = std::move(rest); }

  // Marks frames of the table, besides those that are marked.
  void Mark(const CaptureEdits& edits);

  // Reads all frames into the table, and dissects them. If `view` is not null,
  // reading ends with the view's range, and frames on which frames of the view
  // depend are marked. Frames that crashed an earlier worker are kept but not
  // dissected. Calls `after_frame` after each frame, and returns its errors. At
  // most once, before any FramePass.
  absl::Status RunFirstPass(const CaptureView* view,
                            absl::FunctionRef<absl::Status()> after_frame,
                            const Resumption& resumption = Resumption());

  // These run the first pass of a capture that still runs step by step: begin,
  // read a frame, continue with the next file, and end. `edt` is one of
  // NewFirstPassEdt; `crashes` are as for RunFirstPass. ReadFirst returns false
  // at the end of the file, and on an error, which the file then has.
  void BeginFirstPass();
  EpanDissectPtr NewFirstPassEdt() const;
  bool ReadFirst(epan_dissect_t* edt, const Resumption& crashes,
                 TransientFrame* frame);
  void ContinueWith(CaptureFile file);
  void EndFirstPass();
  bool is_in_first_pass() const {
    return has_frame_table() && first_pass_end_ == FirstPassEnd::kNotRun;
  }

  // Reads all frames into the table without dissecting them: keeps all frames
  // and marks none.
  void ReadFrameTable(const CaptureView* view);

  FrameDissector& dissector() { return dissector_; }
  const FrameDissector& dissector() const { return dissector_; }
  CaptureFile& file() { return dissector_.file(); }
  const CaptureFile& file() const { return dissector_.file(); }

  bool has_read_filter() const { return read_filter_ != nullptr; }
  bool has_frame_table() const { return frames_.has_value(); }
  FirstPassEnd first_pass_end() const { return first_pass_end_; }

  // The number of records read so far.
  uint32_t frames_read() const { return frames_read_; }
  // The number of frames in the table: those that passed the read filter.
  uint32_t frames_kept() const { return frames_kept_; }

  // Reads the next record of the file. Only for captures without a table.
  // Returns false at the end and on an error, which the file then has.
  bool ReadNext(frame_data* frame);

  // A bit for each record that was read in the first pass, lowest first:
  // whether it passed the read filter. Empty without a filter.
  const std::string& kept_records() const { return kept_records_; }

  // The edits; null if there are none.
  const CaptureEdits* edits() const { return edits_; }

  // Returns a frame of the table, whose numbers begin with 1; null if there is
  // no such frame.
  const frame_data* FindFrame(uint32_t number) { return frames_->Find(number); }

  // Reads the record of a frame in the table.
  // Returns null if there is no such frame, and on an error, which the file
  // then has.
  frame_data* ReadAgain(uint32_t number);

 private:
  // Reads the next record in the first pass.
  bool ReadFirst(frame_data* frame);
  // Reads the next record of this file or of those that follow.
  bool ReadRecord(frame_data* frame);
  // Whether the record that was read last passes the read filter.
  bool IsKept(epan_dissect_t* edt);
  // Keeps a frame that can't be dissected, as nobody knows whether it passes
  // the read filter. Returns true.
  bool KeepUndissected(frame_data* frame);
  // Dissects a frame, and keeps it if it passes the read filter. Returns
  // whether it does.
  bool DissectAndKeep(const CaptureView* view, epan_dissect_t* edt,
                      TransientFrame* frame);
  // Whether the frame passed the read filter.
  bool DissectFirst(const CaptureView* view, epan_dissect_t* edt,
                    frame_data* frame);
  void Keep(frame_data* frame);
  void MarkDependencies(const CaptureView* view, epan_dissect_t* edt);
  // Ends the first pass if the view's range has ended.
  bool IsViewOver(const CaptureView* view);

  FrameDissector dissector_;
  const DisplayFilterPtr read_filter_;
  CaptureEdits* edits_ = nullptr;
  std::string kept_records_;
  // The number of the first frame of each file of the capture.
  std::vector<uint32_t> first_frames_ = {1};
  Rest rest_;
  // Present once the first pass has begun.
  std::optional<FrameTable> frames_;
  FirstPassEnd first_pass_end_ = FirstPassEnd::kNotRun;
  uint32_t frames_read_ = 0;
  uint32_t frames_kept_ = 0;
  // libwireshark's sum of the lengths of the frames in the table, in bytes.
  uint32_t bytes_kept_ = 0;
};

// A pass over the frames of an opened capture, in their order: the frames of
// its table, or those of the file if there is no table.
class FramePass {
 public:
  // Begins after the first `position` frames, which an earlier pass has read.
  // Not owned; outlives this.
  explicit FramePass(OpenedCapture* capture, uint32_t position = 0)
      : capture_(capture), position_(position) {}

  // Reads the next frame, which is valid until the next call. Returns null
  // after the last one, and on an error, which the file then has.
  frame_data* Next();

  // Whether the pass is known to have no further frame.
  bool IsOver() const {
    return failed_ || (capture_->has_frame_table() &&
                       position_ >= capture_->frames_kept());
  }

  // Returns which of tshark's passes this is.
  Pass kind() const {
    return capture_->has_frame_table() ? Pass::kSecond : Pass::kOnly;
  }

  // The number of the last frame that was read.
  uint32_t position() const { return position_; }

 private:
  OpenedCapture* const capture_;
  // The current frame, if there is no table.
  TransientFrame frame_;
  uint32_t position_;
  // Whether Next has found the end, or an error.
  bool failed_ = false;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_OPENED_CAPTURE_H_
