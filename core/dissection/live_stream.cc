// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/live_stream.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<LiveStream>> LiveStream::Create(
    ipc::StreamNumber number, DissectRequest request,
    OutputFactory new_output) {
  // make_unique can't call the private constructor.
  std::unique_ptr<LiveStream> stream(
      new LiveStream(number, std::move(request)));
  ASSIGN_OR_RETURN(stream->output_,
                   new_output(stream->request_, stream->message_));
  ASSIGN_OR_RETURN(stream->view_,
                   CaptureView::Create(stream->request_.view, stream.get()));
  return stream;
}

absl::Status LiveStream::AddFrame(epan_dissect_t* edt, const frame_data& frame,
                                  ColumnSet* columns) {
  message_.frames_sent = view_->frames_sent();
  message_.last_frame = frame.num;
  return output_.sink->AddFrame(edt, frame, columns);
}

absl::Status LiveStream::SendEnd(EndReason reason, const ProgressReport& totals,
                                 const WtapError* error,
                                 absl::string_view file_name) {
  return output_.sink->SendEnd(reason, totals, error, file_name);
}

absl::Status LiveStream::SendRead(uint32_t frames_read) {
  message_.last_frame = frames_read;
  return output_.sink->Flush();
}

absl::Status LiveStream::ReportLost(uint32_t first, uint32_t last) {
  // Frames before the view's range don't count as lost.
  first = std::max(first, request_.view.range.first);
  if (first > last) return absl::OkStatus();
  message_.last_frame = last;
  return output_.sink->SendLost(first, last);
}

absl::Status LiveStream::BeginTotals(ProgressReport* totals) {
  RETURN_IF_ERROR(SendRead(totals->frames_read));
  totals->frames_sent = message_.frames_sent;
  message_.has_totals = 1;
  return absl::OkStatus();
}

absl::Status LiveStream::ReportProgress(ProgressReport totals) {
  RETURN_IF_ERROR(BeginTotals(&totals));
  RETURN_IF_ERROR(output_.sink->SendProgress(totals));
  message_.has_totals = 0;
  return absl::OkStatus();
}

absl::Status LiveStream::End(EndReason reason, ProgressReport totals,
                             const CaptureFile& file) {
  RETURN_IF_ERROR(BeginTotals(&totals));
  const bool failed = reason == EndReason::kReadError;
  return SendEnd(reason, totals, failed ? &*file.error() : nullptr,
                 file.name());
}

}  // namespace dissectd::engine
