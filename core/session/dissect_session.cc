// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/dissect_session.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/single_thread.h"
#include "core/base/status_macros.h"
#include "core/dissection/resumption.h"
#include "core/dissection/shared_pass.h"
#include "core/dissection/view_pass.h"
#include "core/encode/stream_encoder.h"
#include "core/epan/columns.h"
#include "core/ipc/protocol.h"
#include "core/request/dissect_request.h"
#include "core/session/session_capture.h"
#include "core/session/session_view.h"

namespace dissectd::engine {
namespace {

// Whether later frames of the view depend only on the capture, and not on how
// many frames of the view came before.
bool CanBegin(const View& view) {
  return view.display_filter.empty() && view.range.limit == 0;
}

// Dissects the frames before the view's range. Errors: those of SkipTo;
// INTERNAL if this process has skipped frames that the view depends on.
absl::Status SkipBefore(const View& view, SessionCapture* session) {
  if (session->position() > 0) {
    if (!CanBegin(view)) {
      return absl::InternalError("a view with a filter came to a checkpoint");
    }
    RETURN_IF_ERROR(session->CheckPosition(view.range.first));
  }
  const uint32_t frames = session->opened()->frames_kept();
  if (!CanBegin(view) || view.range.first < 2 || view.range.first > frames) {
    return absl::OkStatus();
  }
  return session->SkipTo(view.range.first - 1);
}

class SessionDissection {
 public:
  // Nothing is owned; everything outlives this.
  SessionDissection(const DissectRequest& request, Resumption resumption,
                    SessionCapture* session, CaptureView* view,
                    ColumnSet* columns)
      : request_(request),
        resumption_(std::move(resumption)),
        session_(session),
        capture_(session->opened()),
        view_(view),
        columns_(columns) {}

  absl::Status Run(uint32_t pass_workers) {
    RETURN_IF_ERROR(SendSkippedCrashes());
    view_->set_history(session_->history());
    ViewPass pass(capture_, view_, columns_, resumption_, session_->position());
    const bool had_error = capture_->file().error().has_value();
    PartedSink* const parted = view_->sink().AsParted();
    if (pass_workers > 1 && request_.view.WantsTree() && HasSingleThread()) {
      SharedPass shared(capture_, view_, &pass, parted);
      RETURN_IF_ERROR(shared.Run(pass_workers));
    } else {
      RETURN_IF_ERROR(pass.Run());
    }
    return SendEnd(!had_error && capture_->file().error().has_value());
  }

 private:
  // Reports the crashes before the range, as Dissect reads those frames, too.
  absl::Status SendSkippedCrashes() {
    std::vector<ipc::KnownCrash> crashes = resumption_.crashes();
    std::sort(crashes.begin(), crashes.end(),
              [](const ipc::KnownCrash& left, const ipc::KnownCrash& right) {
                return left.frame < right.frame;
              });
    for (const ipc::KnownCrash& crash : crashes) {
      if (crash.frame > session_->position()) break;
      view_->CountCrash();
      if (resumption_.WasSent(crash.frame)) continue;
      RETURN_IF_ERROR(view_->sink().SendCrash(ReportOf(crash)));
    }
    return absl::OkStatus();
  }

  // `failed` says that a frame of the capture couldn't be read again.
  absl::Status SendEnd(bool failed) {
    const uint32_t last = request_.view.range.last;
    const bool at_last = last != 0 && last <= capture_->frames_kept();
    const bool limited =
        !failed && (at_last || view_->EndsWithSent(view_->frames_sent()));
    const std::optional<WtapError>& error = capture_->file().error();
    const bool has_error = !limited && error.has_value();
    EndReason reason = limited ? EndReason::kLimit : EndReason::kEndOfFile;
    if (has_error) reason = EndReason::kReadError;
    ProgressReport totals =
        capture_->dissector().Totals(capture_->frames_read());
    totals.frames_sent = view_->frames_sent();
    totals.frames_crashed = view_->frames_crashed();
    return view_->sink().SendEnd(reason, totals, has_error ? &*error : nullptr,
                                 capture_->file().name());
  }

  const DissectRequest& request_;
  const Resumption resumption_;
  SessionCapture* const session_;
  OpenedCapture* const capture_;
  CaptureView* const view_;
  ColumnSet* const columns_;
};

}  // namespace

absl::Status DissectSession(const QueryContext& context,
                            absl::string_view request, SendResponse send) {
  ASSIGN_OR_RETURN(Resumption resumption, Resumption::Take(&request));
  ASSIGN_OR_RETURN(const DissectRequest parsed, ParseDissectRequest(request));
  SessionCapture* const session = context.session;
  ASSIGN_OR_RETURN(const std::unique_ptr<StreamEncoder> encoder,
                   StreamEncoder::Create(parsed, context.send_frames));
  ASSIGN_OR_RETURN(const std::unique_ptr<ColumnSet> columns,
                   MakeColumns(parsed.view.columns));
  ASSIGN_OR_RETURN(CaptureView view,
                   CaptureView::Create(parsed.view, encoder.get()));
  RETURN_IF_ERROR(SkipBefore(parsed.view, session));
  if (!resumption.header_sent()) {
    RETURN_IF_ERROR(send(EncodeHeader(session->file_info(), columns.get(),
                                      encoder->coloring_rules())));
  }
  return SessionDissection(parsed, std::move(resumption), session, &view,
                           columns.get())
      .Run(context.pass_workers);
}

}  // namespace dissectd::engine
