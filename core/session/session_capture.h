// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_SESSION_CAPTURE_H_
#define CORE_SESSION_SESSION_CAPTURE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "core/dissection/capture_edits.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/opened_capture.h"
#include "core/dissection/resumption.h"
#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/display_filter.h"
#include "core/epan/epan.h"
#include "core/ipc/protocol.h"
#include "core/ipc/query.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// The capture of a session in one of its processes: open, after the first pass,
// or after a part of the second.
class SessionCapture {
 public:
  // `settings` have been applied. `epan` is not owned and outlives this.
  SessionCapture(DissectRequest settings, DisplayFilterPtr read_filter,
                 CaptureFile file, Epan* epan, CaptureEdits edits);
  SessionCapture(const SessionCapture&) = delete;
  SessionCapture& operator=(const SessionCapture&) = delete;

  // The options of the session.
  const DissectRequest& settings() const { return settings_; }
  OpenedCapture* opened() { return &opened_; }
  // The serialised dissectd.v1.CaptureFileInfo of the file when it was opened.
  const std::string& file_info() const { return file_info_; }

  // Called before this process forks. It may go on afterwards.
  void PrepareFork() { opened_.dissector().PrepareFork(); }
  // Called first in a fork, whose first pass ends with the frames so far.
  // Errors: those of CaptureFile::ReopenAfterFork.
  absl::Status BeginFork();

  // Sets the frames that crashed processes, which are left out from now on.
  void SetCrashes(std::vector<ipc::KnownCrash> crashes) {
    crashes_ = Resumption::After(std::move(crashes));
  }
  const Resumption& crashes() const { return crashes_; }

  // Begins a query about frames. Errors: INTERNAL if this process can't answer
  // it, because of what it has read.
  absl::Status Begin(ipc::Query query);

  // The number of frames of the second pass that were skipped.
  uint32_t position() const { return position_; }
  // What later frames refer to in a view without a filter.
  const CaptureView::History& history() const { return history_; }

  // Dissects the frames of the second pass up to this one, as later frames
  // depend on them. Errors: OUT_OF_RANGE (FRAME_NOT_FOUND); FAILED_PRECONDITION
  // if a frame can't be read.
  absl::Status SkipTo(uint32_t frame);

  // Skips to the frame, which must not have been skipped, and passes it to the
  // sink, or the crash if it is left out, as in a view with this history; null
  // for a view without a filter. `columns` may be null. Errors: those of
  // SkipTo, and of the sink.
  absl::Status Show(uint32_t frame, const CaptureView::History* history,
                    ColumnSet* columns, FrameSink* sink);

  // Whether the frame that Show passes, or has passed last, has comments. When
  // the sink gets it, its record has none any more.
  bool shows_comments() const { return shows_comments_; }

  // Marks frames for the question that this process answers.
  void Mark(const CaptureEdits& edits);

  // Returns the error if there is no frame with this number.
  absl::Status CheckFrame(uint32_t frame);
  // Returns an error if this process has skipped the frame.
  absl::Status CheckPosition(uint32_t frame) const;
  // Returns the error of the file as a status. There must be one.
  absl::Status ReadError() const;

 private:
  // Whether a frame, whose record was just read, has comments.
  bool IsCommented(const frame_data& frame);

  const DissectRequest settings_;
  CaptureEdits edits_;
  OpenedCapture opened_;
  const std::string file_info_;
  Resumption crashes_;
  // Whether the state is no longer that of a pass up to `position_`.
  bool used_ = false;
  bool shows_comments_ = false;
  uint32_t position_ = 0;
  CaptureView::History history_;
};

// Begins a query in a process whose session may be null. Has no effect for
// queries that aren't about its frames. Errors: INTERNAL.
absl::Status BeginSessionQuery(SessionCapture* session, ipc::Query query);

}  // namespace dissectd::engine

#endif  // CORE_SESSION_SESSION_CAPTURE_H_
