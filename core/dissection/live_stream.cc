// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/live_stream.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<LiveStream>> LiveStream::Create(
    ipc::StreamNumber number, DissectRequest request,
    OutputFactory new_output) {
  // Not make_unique: the constructor is private.
  std::unique_ptr<LiveStream> stream(
      new LiveStream(number, std::move(request)));
  ASSIGN_OR_RETURN(Output output,
                   new_output(stream->request_, stream->message_));
  stream->sink_ = std::move(output.sink);
  stream->forget_sent_ = std::move(output.forget_sent);
  ASSIGN_OR_RETURN(
      stream->compiled_,
      CompiledView::Compile(stream->view(), stream->sink_->needs()));
  return stream;
}

void LiveStream::Pass(const frame_data& frame) {
  history_.previous = frame;
  history_.bytes = frame.cum_bytes;
}

absl::Status LiveStream::AddFrame(epan_dissect_t* edt, const frame_data& frame,
                                  ColumnSet* columns) {
  ++message_.frames_sent;
  message_.last_frame = frame.num;
  return sink_->AddFrame(edt, frame, columns);
}

absl::Status LiveStream::Flush(uint32_t frames_read) {
  message_.last_frame = frames_read;
  return sink_->Flush();
}

absl::Status LiveStream::SendLost(uint32_t first, uint32_t last) {
  // Those before the view are not missed.
  first = std::max(first, request_.view.range.first);
  if (first > last) return absl::OkStatus();
  message_.last_frame = last;
  return sink_->SendLost(first, last);
}

absl::Status LiveStream::BeginTotals(ProgressReport* totals) {
  RETURN_IF_ERROR(Flush(totals->frames_read));
  totals->frames_sent = message_.frames_sent;
  message_.has_totals = 1;
  return absl::OkStatus();
}

absl::Status LiveStream::SendProgress(ProgressReport totals) {
  RETURN_IF_ERROR(BeginTotals(&totals));
  RETURN_IF_ERROR(sink_->SendProgress(totals));
  message_.has_totals = 0;
  return absl::OkStatus();
}

absl::Status LiveStream::SendEnd(EndReason reason, ProgressReport totals,
                                 const CaptureFile& file) {
  RETURN_IF_ERROR(BeginTotals(&totals));
  const bool failed = reason == EndReason::kReadError;
  return sink_->SendEnd(reason, totals, failed ? &*file.error() : nullptr,
                        file.name());
}

}  // namespace dissectd::engine
