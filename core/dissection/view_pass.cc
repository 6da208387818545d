// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/view_pass.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/encode/frame_capture.h"

namespace dissectd::engine {
namespace {

std::string CommentOn(const CrashReport& crash) {
  return absl::StrCat(
      "Frame ", crash.frame_number, " crashed a dissector, protocol \"",
      crash.protocol, "\", ",
      crash.signal != 0 ? absl::StrCat("signal ", crash.signal)
                        : absl::StrCat("exit status ", crash.exit_status));
}

}  // namespace

ViewPass::ViewPass(OpenedCapture* capture, CaptureView* view,
                   ColumnSet* columns, Resumption resumption, uint32_t position)
    : capture_(capture),
      view_(view),
      resumption_(std::move(resumption)),
      pass_(capture, position),
      views_(pass_.kind(), &capture->dissector(), columns) {
  views_.Add(view);
}

absl::Status ViewPass::Run() {
  while (!IsOver()) {
    // A client that sends the capture gets all frames of what it has sent.
    if (capture_->file().IsPipeEmpty()) RETURN_IF_ERROR(view_->sink().Flush());
    frame_data* frame = Next();
    if (frame == nullptr) break;
    RETURN_IF_ERROR(Show(frame));
    RETURN_IF_ERROR(MaybeSendProgress());
  }
  return absl::OkStatus();
}

absl::Status ViewPass::Show(frame_data* frame) {
  if (const ipc::KnownCrash* crash = resumption_.CrashAt(frame->num)) {
    return LeaveOut(frame, *crash);
  }
  if (!resumption_.WasSent(frame->num)) return Dissect(frame);
  views_.Repeat(frame);
  return absl::OkStatus();
}

absl::Status ViewPass::LeaveOut(frame_data* frame,
                                const ipc::KnownCrash& crash) {
  capture_->dissector().Skip(frame);
  view_->CountCrash();
  if (resumption_.WasSent(frame->num)) return absl::OkStatus();
  CrashReport report = ReportOf(crash);
  if (resumption_.keep_frames()) {
    report.capture =
        CaptureOfFrame(&capture_->dissector().record(), CommentOn(report));
  }
  return view_->sink().SendCrash(report);
}

absl::Status ViewPass::MaybeSendProgress() {
  if (!progress_.IsDue()) return absl::OkStatus();
  ProgressReport report = capture_->dissector().Totals(capture_->frames_read());
  report.frames_sent = view_->frames_sent();
  report.pass = pass_.kind() == Pass::kSecond ? 2 : 1;
  if (resumption_.WasReported({report.pass, pass_.position()}) ||
      resumption_.WasSent(pass_.position())) {
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(view_->sink().Flush());
  return view_->sink().SendProgress(report);
}

}  // namespace dissectd::engine
