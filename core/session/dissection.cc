// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/dissection.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/epan/display_filter.h"

namespace dissectd {

absl::StatusOr<std::unique_ptr<Dissection>> Dissection::Create(
    const DissectRequest& request, CaptureFile file, const Tools& tools) {
  DisplayFilterPtr read_filter;
  if (request.options.two_pass) {
    ASSIGN_OR_RETURN(read_filter,
                     CompileDisplayFilter(request.options.read_filter));
  }
  ASSIGN_OR_RETURN(
      CompiledView view,
      CompiledView::Compile(request.view, tools.encoder->wanted_fields()));
  // Not make_unique: the constructor is private.
  std::unique_ptr<Dissection> dissection(
      new Dissection(request, std::move(view), std::move(read_filter),
                     std::move(file), tools));
  if (request.view.WantsColumns()) dissection->columns_.emplace();
  return dissection;
}

absl::Status Dissection::Run() {
  const CaptureFile& file = dissector_.file();
  RETURN_IF_ERROR(encoder_->SendHeader(file, columns_ ? &*columns_ : nullptr));
  if (request_.options.two_pass) {
    RETURN_IF_ERROR(RunFirstPass());
    RETURN_IF_ERROR(RunSecondPass());
  } else {
    RETURN_IF_ERROR(RunOnePass());
  }
  EndReason reason = EndReason::kEndOfFile;
  const WtapError* error = nullptr;
  if (file.error().has_value()) {
    reason = EndReason::kReadError;
    error = &*file.error();
  } else if (limited_) {
    reason = EndReason::kLimit;
  }
  return encoder_->SendEnd(reason, Totals(1), error, file.name());
}

absl::Status Dissection::RunOnePass() {
  const EpanDissectPtr edt = NewFinalEdt();
  while (!IsOver()) {
    frame_data* frame = NextFrame();
    if (frame == nullptr) break;
    RETURN_IF_ERROR(DissectForView(edt.get(), frame));
    RETURN_IF_ERROR(MaybeSendProgress(1));
  }
  return absl::OkStatus();
}

bool Dissection::IsOver() {
  const bool last_read = request_.options.two_pass
                             ? frames_again_ >= frames_kept_
                             : LastFrameRead();
  // Both note whether a limit is the reason.
  return LastFrameSent() || last_read || end_reached_;
}

frame_data* Dissection::NextFrame() {
  frame_data* frame = &passing_frame_;
  if (request_.options.two_pass) {
    frame = frame_data_sequence_find(frames_.get(), ++frames_again_);
    end_reached_ = !dissector_.ReadAgain(*frame);
  } else {
    end_reached_ = !dissector_.Read(frames_read_ + 1, cumulative_bytes_, frame);
    if (!end_reached_) ++frames_read_;
  }
  return end_reached_ ? nullptr : frame;
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
  if (!request_.options.two_pass) {
    prime_epan_dissect_with_postdissector_wanted_hfids(edt);
  }
  absl::Status status = absl::OkStatus();
  dissector_.Dissect(edt, frame, columns);
  if (view_.Passes(edt)) {
    frame_data_set_after_dissect(frame, &cumulative_bytes_);
    if (view_.InRange(frame->num)) status = send();
    previous_displayed_ = *frame;
    dissector_.provider().previous_displayed = &previous_displayed_;
  }
  dissector_.Finish(edt, *frame);
  if (frame == &passing_frame_) frame_data_destroy(frame);
  return status;
}

absl::Status Dissection::SendFrame(epan_dissect_t* edt,
                                   const frame_data& frame) {
  ColumnSet* columns = nullptr;
  if (columns_) {
    columns = &*columns_;
    epan_dissect_fill_in_columns(edt, FALSE, TRUE);
  }
  ++frames_sent_;
  return encoder_->AddFrame(edt, frame, columns);
}

absl::Status Dissection::RunFirstPass() {
  frames_.reset(new_frame_data_sequence());
  packet_provider_data& provider = dissector_.provider();
  provider.frames = frames_.get();
  const bool filtered = read_filter_ != nullptr || view_.has_filter();
  const EpanDissectPtr edt = dissector_.NewEdt(filtered, /*visible=*/false);
  frame_data frame;
  while (dissector_.Read(frames_kept_ + 1, cumulative_bytes_, &frame)) {
    ++frames_read_;
    // As in tshark, only a frame that is kept can be the last.
    if (KeepFrame(edt.get(), &frame) && LastFrameRead()) break;
    RETURN_IF_ERROR(MaybeSendProgress(1));
  }
  dissector_.file().CloseSequential();
  postseq_cleanup_all_protocols();
  // The second pass starts from the first frame again.
  provider.previous_displayed = nullptr;
  provider.previous_captured = nullptr;
  return absl::OkStatus();
}

bool Dissection::KeepFrame(epan_dissect_t* edt, frame_data* frame) {
  if (read_filter_ != nullptr) {
    epan_dissect_prime_with_dfilter(edt, read_filter_.get());
  }
  view_.PrimeFilter(edt);
  prime_epan_dissect_with_postdissector_wanted_hfids(edt);
  dissector_.Dissect(edt, frame, nullptr);
  const bool kept =
      read_filter_ == nullptr || dfilter_apply_edt(read_filter_.get(), edt);
  if (kept) {
    frame_data_set_after_dissect(frame, &cumulative_bytes_);
    const frame_data* stored = frame_data_sequence_add(frames_.get(), frame);
    dissector_.provider().previous_captured = stored;
    dissector_.provider().previous_displayed = stored;
    if (view_.has_filter() && view_.Passes(edt)) {
      g_slist_foreach(edt->pi.dependent_frames,
                      find_and_mark_frame_depended_upon, frames_.get());
    }
    ++frames_kept_;
  } else {
    frame_data_destroy(frame);
  }
  epan_dissect_reset(edt);
  return kept;
}

bool Dissection::LastFrameRead() {
  const bool last = view_.EndsWithRead(frames_read_);
  limited_ |= last;
  return last;
}

bool Dissection::LastFrameSent() {
  const bool last = view_.EndsWithSent(frames_sent_);
  limited_ |= last;
  return last;
}

EpanDissectPtr Dissection::NewFinalEdt() {
  return dissector_.NewEdt(
      view_.NeedsTree() || (columns_ && columns_->NeedsTree()),
      view_.NeedsVisibleTree());
}

void Dissection::PrimeForView(epan_dissect_t* edt) {
  view_.PrimeFilter(edt);
  if (columns_) col_custom_prime_edt(edt, columns_->info());
  if (!view_.NeedsVisibleTree()) view_.PrimeFields(edt);
}

ProgressReport Dissection::Totals(uint32_t pass) const {
  ProgressReport report = dissector_.Totals(frames_read_);
  report.frames_sent = frames_sent_;
  report.pass = pass;
  return report;
}

absl::Status Dissection::MaybeSendProgress(uint32_t pass) {
  if (!progress_.IsDue()) return absl::OkStatus();
  RETURN_IF_ERROR(encoder_->Flush());
  return encoder_->SendProgress(Totals(pass));
}

}  // namespace dissectd
