// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/frame_passes.h"

#include "core/base/status_macros.h"

namespace dissectd::engine {

absl::StatusOr<DisplayFilterPtr> FramePasses::CompileReadFilter(
    const DissectionOptions& options) {
  if (!options.two_pass) return DisplayFilterPtr();
  return CompileDisplayFilter(options.read_filter);
}

absl::Status FramePasses::RunFirst(
    bool dissect, absl::FunctionRef<absl::Status()> after_frame) {
  frames_.reset(new_frame_data_sequence());
  packet_provider_data& provider = dissector_.provider();
  provider.frames = frames_.get();
  EpanDissectPtr edt;
  if (dissect) {
    edt = dissector_.NewEdt(Pass::kFirst, IsFiltered(), /*visible=*/false);
  }
  frame_data frame;
  while (dissector_.Read(frames_kept_ + 1, cumulative_bytes_, &frame)) {
    ++frames_read_;
    // As in tshark, only a frame that is kept can be the last.
    if (KeepFrame(edt.get(), &frame) && LastFrameRead()) break;
    RETURN_IF_ERROR(after_frame());
  }
  dissector_.file().CloseSequential();
  postseq_cleanup_all_protocols();
  // The second pass starts from the first frame again.
  provider.previous_displayed = nullptr;
  provider.previous_captured = nullptr;
  return absl::OkStatus();
}

bool FramePasses::PassesReadFilter(epan_dissect_t* edt, frame_data* frame) {
  if (read_filter_ != nullptr) {
    epan_dissect_prime_with_dfilter(edt, read_filter_.get());
  }
  view_.PrimeFilter(edt);
  dissector_.Dissect(Pass::kFirst, edt, frame, nullptr);
  return read_filter_ == nullptr || dfilter_apply_edt(read_filter_.get(), edt);
}

bool FramePasses::KeepFrame(epan_dissect_t* edt, frame_data* frame) {
  const bool kept = edt == nullptr || PassesReadFilter(edt, frame);
  if (kept) {
    frame_data_set_after_dissect(frame, &cumulative_bytes_);
    const frame_data* stored = frame_data_sequence_add(frames_.get(), frame);
    dissector_.provider().previous_captured = stored;
    dissector_.provider().previous_displayed = stored;
    if (edt != nullptr && view_.has_filter() && view_.Passes(edt)) {
      g_slist_foreach(edt->pi.dependent_frames,
                      find_and_mark_frame_depended_upon, frames_.get());
    }
    ++frames_kept_;
  } else {
    frame_data_destroy(frame);
  }
  if (edt != nullptr) epan_dissect_reset(edt);
  return kept;
}

bool FramePasses::LastFrameRead() {
  const bool last = view_.EndsWithRead(frames_read_);
  limited_ |= last;
  return last;
}

bool FramePasses::IsOver() {
  const bool last_read =
      options_.two_pass ? frames_again_ >= frames_kept_ : LastFrameRead();
  return last_read || end_reached_;
}

frame_data* FramePasses::Next() {
  frame_data* frame = &passing_frame_;
  if (options_.two_pass) {
    frame = frame_data_sequence_find(frames_.get(), ++frames_again_);
    end_reached_ = !dissector_.ReadAgain(*frame);
  } else {
    end_reached_ = !dissector_.Read(frames_read_ + 1, cumulative_bytes_, frame);
    if (!end_reached_) ++frames_read_;
  }
  return end_reached_ ? nullptr : frame;
}

absl::Status FramePasses::Dissect(epan_dissect_t* edt, frame_data* frame,
                                  ColumnSet* columns,
                                  absl::FunctionRef<absl::Status()> passed) {
  absl::Status status = absl::OkStatus();
  dissector_.Dissect(last_pass(), edt, frame, columns);
  if (view_.Passes(edt)) {
    frame_data_set_after_dissect(frame, &cumulative_bytes_);
    status = passed();
    previous_displayed_ = *frame;
    dissector_.provider().previous_displayed = &previous_displayed_;
  }
  dissector_.Finish(edt, *frame);
  if (frame == &passing_frame_) frame_data_destroy(frame);
  return status;
}

}  // namespace dissectd::engine
