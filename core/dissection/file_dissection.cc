// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/file_dissection.h"

#include <utility>

#include "core/base/single_thread.h"
#include "core/base/status_macros.h"
#include "core/dissection/progress_timer.h"
#include "core/dissection/shared_pass.h"
#include "core/dissection/view_pass.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<FileDissection>> FileDissection::Create(
    const DissectRequest& request, CaptureFile file, const Deps& deps) {
  // As in tshark, filters are compiled before the epan is opened.
  ASSIGN_OR_RETURN(DisplayFilterPtr read_filter,
                   OpenedCapture::CompileReadFilter(request.options));
  ASSIGN_OR_RETURN(CaptureView view,
                   CaptureView::Create(request.view, deps.sink));
  // make_unique can't call the private constructor.
  std::unique_ptr<FileDissection> dissection(new FileDissection(
      request, std::move(view), std::move(read_filter), std::move(file), deps));
  if (deps.sink->needs().columns) dissection->columns_.emplace();
  return dissection;
}

absl::Status FileDissection::Run() {
  if (!resumption_.header_sent()) {
    RETURN_IF_ERROR(view_.sink().SendHeader(capture_.file(), columns()));
  }
  if (request_.options.two_pass) RETURN_IF_ERROR(RunFirstPass());
  RETURN_IF_ERROR(RunLastPass());
  return SendEnd();
}

absl::Status FileDissection::RunFirstPass() {
  ProgressTimer progress;
  const auto send_progress = [&] {
    const uint32_t frames_read = capture_.frames_read();
    if (resumption_.WasReported({1, frames_read}) || !progress.IsDue()) {
      return absl::OkStatus();
    }
    return view_.sink().SendProgress(capture_.dissector().Totals(frames_read));
  };
  return capture_.RunFirstPass(&view_, send_progress, resumption_);
}

absl::Status FileDissection::RunLastPass() {
  ViewPass pass(&capture_, &view_, columns(), resumption_);
  PartedSink* parted = view_.sink().AsParted();
  // Pass workers would be without the threads that libwireshark has for GeoIP
  // databases.
  if (!capture_.has_frame_table() || parted == nullptr || !HasSingleThread()) {
    return pass.Run();
  }
  // Without a tree, replaying takes as long as dissecting.
  const uint32_t pass_workers = request_.view.WantsTree() ? pass_workers_ : 1;
  return SharedPass(&capture_, &view_, &pass, parted).Run(pass_workers);
}

void FileDissection::CheckForSentFrames() {
  const uint32_t frames = capture_.has_frame_table() ? capture_.frames_kept()
                                                     : capture_.frames_read();
  if (resumption_.WasSent(frames + 1)) {
    capture_.file().SetReadError(WTAP_ERR_SHORT_READ, "");
  }
}

absl::Status FileDissection::SendEnd() {
  if (!capture_.file().error().has_value()) CheckForSentFrames();
  const std::optional<WtapError>& error = capture_.file().error();
  const bool limited =
      view_.EndsWithSent(view_.frames_sent()) ||
      (capture_.has_frame_table()
           ? capture_.first_pass_end() == OpenedCapture::FirstPassEnd::kViewEnd
           : view_.EndsWithRead(capture_.frames_read()));
  EndReason reason = limited ? EndReason::kLimit : EndReason::kEndOfFile;
  if (error.has_value()) reason = EndReason::kReadError;
  ProgressReport totals = capture_.dissector().Totals(capture_.frames_read());
  totals.frames_sent = view_.frames_sent();
  totals.frames_crashed = view_.frames_crashed();
  return view_.sink().SendEnd(reason, totals, error ? &*error : nullptr,
                              capture_.file().name());
}

}  // namespace dissectd::engine
