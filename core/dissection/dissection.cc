// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/dissection.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/epan/display_filter.h"

namespace dissectd::engine {

absl::StatusOr<std::unique_ptr<Dissection>> Dissection::Create(
    const DissectRequest& request, CaptureFile file, const Deps& tools) {
  ASSIGN_OR_RETURN(DisplayFilterPtr read_filter,
                   FramePasses::CompileReadFilter(request.options));
  ASSIGN_OR_RETURN(CompiledView view,
                   CompiledView::Compile(request.view, tools.sink->needs()));
  // Not make_unique: the constructor is private.
  std::unique_ptr<Dissection> dissection(
      new Dissection(request, std::move(view), std::move(read_filter),
                     std::move(file), tools));
  if (tools.sink->needs().columns) dissection->columns_.emplace();
  return dissection;
}

absl::Status Dissection::Run() {
  const CaptureFile& capture = file();
  RETURN_IF_ERROR(sink_->SendHeader(capture, columns_ ? &*columns_ : nullptr));
  if (request_.options.two_pass) {
    RETURN_IF_ERROR(passes_.RunFirst(/*dissect=*/true,
                                     [this] { return MaybeSendProgress(1); }));
    RETURN_IF_ERROR(RunSecondPass());
  } else {
    RETURN_IF_ERROR(RunLastPass(1));
  }
  EndReason reason = EndReason::kEndOfFile;
  const WtapError* error = nullptr;
  if (capture.error().has_value()) {
    reason = EndReason::kReadError;
    error = &*capture.error();
  } else if (IsLimited()) {
    reason = EndReason::kLimit;
  }
  return sink_->SendEnd(reason, Totals(1), error, capture.name());
}

absl::Status Dissection::RunLastPass(uint32_t pass) {
  const EpanDissectPtr edt = NewFinalEdt();
  while (!IsOver()) {
    frame_data* frame = passes_.Next();
    if (frame == nullptr) break;
    RETURN_IF_ERROR(DissectForView(edt.get(), frame));
    RETURN_IF_ERROR(MaybeSendProgress(pass));
  }
  return absl::OkStatus();
}

bool Dissection::IsOver() {
  const bool last_read = passes_.IsOver();
  // Both note whether a limit is the reason.
  return LastFrameSent() || last_read;
}

absl::Status Dissection::DissectForView(epan_dissect_t* edt,
                                        frame_data* frame) {
  PrimeForView(edt);
  return DissectNext(edt, frame, columns_ ? &*columns_ : nullptr,
                     [&] { return SendFrame(edt, *frame); });
}

absl::Status Dissection::DissectNext(epan_dissect_t* edt, frame_data* frame,
                                     ColumnSet* columns,
                                     absl::FunctionRef<absl::Status()> send) {
  return passes_.Dissect(edt, frame, columns, [&] {
    return view().InRange(frame->num) ? send() : absl::OkStatus();
  });
}

absl::Status Dissection::SendFrame(epan_dissect_t* edt,
                                   const frame_data& frame) {
  ColumnSet* columns = nullptr;
  if (columns_) {
    columns = &*columns_;
    epan_dissect_fill_in_columns(edt, FALSE, TRUE);
  }
  ++frames_sent_;
  return sink_->AddFrame(edt, frame, columns);
}

bool Dissection::LastFrameSent() {
  const bool last = view().EndsWithSent(frames_sent_);
  limited_ |= last;
  return last;
}

EpanDissectPtr Dissection::NewFinalEdt() {
  return passes_.NewEdt(
      view().NeedsTree() || (columns_ && columns_->NeedsTree()),
      view().NeedsVisibleTree());
}

void Dissection::PrimeForView(epan_dissect_t* edt) {
  view().PrimeFilter(edt);
  if (columns_) col_custom_prime_edt(edt, columns_->info());
  if (!view().NeedsVisibleTree()) view().PrimeFields(edt);
}

ProgressReport Dissection::Totals(uint32_t pass) const {
  ProgressReport report = passes_.dissector().Totals(passes_.frames_read());
  report.frames_sent = frames_sent_;
  report.pass = pass;
  return report;
}

absl::Status Dissection::MaybeSendProgress(uint32_t pass) {
  if (!progress_.IsDue()) return absl::OkStatus();
  RETURN_IF_ERROR(sink_->Flush());
  return sink_->SendProgress(Totals(pass));
}

}  // namespace dissectd::engine
