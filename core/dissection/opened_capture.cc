// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/opened_capture.h"

#include <algorithm>
#include <utility>

#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"

namespace dissectd::engine {

absl::StatusOr<DisplayFilterPtr> OpenedCapture::CompileReadFilter(
    const DissectionOptions& options) {
  if (!options.two_pass) return DisplayFilterPtr();
  return CompileDisplayFilter(options.read_filter);
}

absl::Status OpenedCapture::RunFirstPass(
    const CaptureView* view, absl::FunctionRef<absl::Status()> after_frame,
    const Resumption& resumption) {
  BeginFirstPass();
  const bool filtered =
      has_read_filter() || (view != nullptr && view->has_filter());
  const EpanDissectPtr edt =
      dissector_.NewEdt(Pass::kFirst, filtered, /*visible=*/false);
  TransientFrame frame;
  while (ReadFirst(frame.get())) {
    const bool kept = resumption.CrashedInFirstPass(frames_read_)
                          ? KeepUndissected(frame.get())
                          : DissectAndKeep(view, edt.get(), &frame);
    // As in tshark, only a kept frame can be the last.
    if (kept && IsViewOver(view)) break;
    RETURN_IF_ERROR(after_frame());
  }
  EndFirstPass();
  return absl::OkStatus();
}

EpanDissectPtr OpenedCapture::NewFirstPassEdt() const {
  return dissector_.NewEdt(Pass::kFirst, has_read_filter(), /*visible=*/false);
}

bool OpenedCapture::ReadFirst(epan_dissect_t* edt, const Resumption& crashes,
                              TransientFrame* frame) {
  if (!ReadFirst(frame->get())) return false;
  if (crashes.CrashedInFirstPass(frames_read_)) {
    KeepUndissected(frame->get());
  } else {
    DissectAndKeep(nullptr, edt, frame);
  }
  return true;
}

void OpenedCapture::ContinueWith(CaptureFile file) {
  dissector_.file().CloseSequential();
  dissector_.Append(std::move(file));
  first_frames_.push_back(frames_kept_ + 1);
}

void OpenedCapture::ReadFrameTable(const CaptureView* view) {
  BeginFirstPass();
  TransientFrame frame;
  while (ReadFirst(frame.get())) {
    Keep(frame.get());
    if (IsViewOver(view)) break;
  }
  EndFirstPass();
}

void OpenedCapture::SetEdits(CaptureEdits* edits) {
  edits_ = edits;
  edits->EditSection(file().handle());
  dissector_.provider().modified_blocks = &edits->modified_blocks();
}

void OpenedCapture::Mark(const CaptureEdits& edits) {
  for (const uint32_t number : edits.marked()) {
    frame_data* const frame = frames_->Find(number);
    if (frame != nullptr) frame->marked = 1;
  }
}

bool OpenedCapture::ReadFirst(frame_data* frame) {
  if (!ReadRecord(frame)) return false;
  ++frames_read_;
  if (edits_ == nullptr) return true;
  edits_->Shift(frame);
  // The number is that of a frame only if the record is kept.
  if (edits_->IsKept(frames_read_).value_or(true)) {
    edits_->Edit(*dissector_.record().rec(), frame);
  }
  return true;
}

bool OpenedCapture::ReadRecord(frame_data* frame) {
  if (frames_read_ == rest_.max_records) return false;
  while (!dissector_.Read(frames_kept_ + 1, frame)) {
    if (file().error().has_value() || rest_.files.empty()) return false;
    ContinueWith(std::move(rest_.files.front()));
    rest_.files.pop_front();
  }
  return true;
}

bool OpenedCapture::IsKept(epan_dissect_t* edt) {
  const bool passes = PassesFilter(read_filter_.get(), edt);
  const bool kept = edits_ == nullptr
                        ? passes
                        : edits_->IsKept(frames_read_).value_or(passes);
  if (!has_read_filter()) return kept;
  const uint32_t bit = frames_read_ - 1;
  kept_records_.resize(bit / 8 + 1);
  if (kept) {
    kept_records_[bit / 8] = static_cast<char>(
        static_cast<uint8_t>(kept_records_[bit / 8]) | 1u << (bit % 8));
  }
  return kept;
}

void OpenedCapture::BeginFirstPass() {
  frames_.emplace();
  dissector_.provider().frames = frames_->get();
}

void OpenedCapture::EndFirstPass() {
  // No frame is at fault for a crash between the passes.
  CrashReporter::EndFrame();
  if (first_pass_end_ == FirstPassEnd::kNotRun) {
    first_pass_end_ = FirstPassEnd::kFileEnd;
  }
  dissector_.file().CloseSequential();
  postseq_cleanup_all_protocols();
  // The second pass starts from the first frame again.
  dissector_.Rewind();
}

bool OpenedCapture::KeepUndissected(frame_data* frame) {
  dissector_.Skip(frame);
  Keep(frame);
  return true;
}

bool OpenedCapture::DissectAndKeep(const CaptureView* view, epan_dissect_t* edt,
                                   TransientFrame* frame) {
  const bool kept = DissectFirst(view, edt, frame->get());
  if (kept) {
    Keep(frame->get());
    MarkDependencies(view, edt);
  } else {
    frame->Clear();
  }
  epan_dissect_reset(edt);
  return kept;
}

bool OpenedCapture::DissectFirst(const CaptureView* view, epan_dissect_t* edt,
                                 frame_data* frame) {
  PrimeFilter(read_filter_.get(), edt);
  if (view != nullptr) view->PrimeFilter(edt);
  dissector_.Dissect(Pass::kFirst, edt, frame, nullptr);
  return IsKept(edt);
}

void OpenedCapture::Keep(frame_data* frame) {
  frame_data_set_after_dissect(frame, &bytes_kept_);
  const frame_data* stored = frames_->Add(frame);
  dissector_.provider().previous_captured = stored;
  dissector_.provider().previous_displayed = stored;
  ++frames_kept_;
}

void OpenedCapture::MarkDependencies(const CaptureView* view,
                                     epan_dissect_t* edt) {
  if (view == nullptr || !view->has_filter() || !view->Passes(edt)) return;
  frames_->MarkDependencies(*edt);
}

bool OpenedCapture::IsViewOver(const CaptureView* view) {
  if (view == nullptr || !view->EndsWithRead(frames_read_)) return false;
  first_pass_end_ = FirstPassEnd::kViewEnd;
  return true;
}

bool OpenedCapture::ReadNext(frame_data* frame) {
  if (!dissector_.Read(frames_read_ + 1, frame)) return false;
  ++frames_read_;
  return true;
}

frame_data* OpenedCapture::ReadAgain(uint32_t number) {
  frame_data* frame = frames_->Find(number);
  if (frame == nullptr) return nullptr;
  const auto next =
      std::upper_bound(first_frames_.begin(), first_frames_.end(), number);
  dissector_.UseFile(static_cast<size_t>(next - first_frames_.begin()) - 1);
  return dissector_.ReadAgain(*frame) ? frame : nullptr;
}

frame_data* FramePass::Next() {
  frame_data* frame = nullptr;
  if (capture_->has_frame_table()) {
    frame = capture_->ReadAgain(position_ + 1);
  } else {
    frame_.Clear();
    if (capture_->ReadNext(frame_.get())) frame = frame_.get();
  }
  if (frame == nullptr) {
    failed_ = true;
  } else {
    ++position_;
  }
  return frame;
}

}  // namespace dissectd::engine
