// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/view_pass.h"

#include "core/base/status_macros.h"

namespace dissectd::engine {

ViewPass::ViewPass(OpenedCapture* capture, CaptureView* view,
                   ColumnSet* columns)
    : capture_(capture),
      view_(view),
      pass_(capture),
      views_(pass_.kind(), &capture->dissector(), columns) {
  views_.Add(view);
}

absl::Status ViewPass::Run() {
  while (!IsOver()) {
    // A client that sends the capture gets all frames of what it has sent.
    if (capture_->file().IsPipeEmpty()) RETURN_IF_ERROR(view_->sink().Flush());
    frame_data* frame = Next();
    if (frame == nullptr) break;
    RETURN_IF_ERROR(Dissect(frame));
    RETURN_IF_ERROR(MaybeSendProgress());
  }
  return absl::OkStatus();
}

absl::Status ViewPass::MaybeSendProgress() {
  if (!progress_.IsDue()) return absl::OkStatus();
  ProgressReport report = capture_->dissector().Totals(capture_->frames_read());
  report.frames_sent = view_->frames_sent();
  report.pass = pass_.kind() == Pass::kSecond ? 2 : 1;
  RETURN_IF_ERROR(view_->sink().Flush());
  return view_->sink().SendProgress(report);
}

}  // namespace dissectd::engine
