// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/view_set.h"

#include <algorithm>

#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"
#include "core/dissection/time_share.h"
#include "core/epan/displayed_delta.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {

void ViewSet::Add(CaptureView* view) {
  Release();
  views_.push_back(view);
}

void ViewSet::Remove(CaptureView* view) {
  Release();
  views_.erase(std::remove(views_.begin(), views_.end(), view), views_.end());
}

void ViewSet::Release() {
  // Detaches the reporter from what is about to be freed.
  CrashReporter::EndFrame();
  edt_.reset();
  replay_edt_.reset();
}

absl::Status ViewSet::Dissect(frame_data* frame, Measure measure) {
  const bool measured = measure == Measure::kYes;
  const TimeMeasurement all(measured ? &spent_ : nullptr);
  MakeEdt();
  Prime(frame);
  Run(edt_.get(), frame, columns_);
  for (CaptureView* view : views_) {
    const TimeMeasurement own(measured ? view->spent() : nullptr);
    RETURN_IF_ERROR(Show(view, edt_.get(), frame, Send::kYes));
  }
  Finish(edt_.get(), *frame);
  return absl::OkStatus();
}

void ViewSet::Replay(frame_data* frame) {
  if (replay_edt_ == nullptr) {
    const bool filtered =
        std::any_of(views_.begin(), views_.end(),
                    [](const CaptureView* view) { return view->has_filter(); });
    replay_edt_ = dissector_->NewEdt(pass_, filtered, /*visible=*/false);
  }
  epan_dissect_t* edt = replay_edt_.get();
  for (const CaptureView* view : views_) view->PrimeFilter(edt);
  Run(edt, frame, nullptr);
  for (CaptureView* view : views_) {
    // This can't fail, as nothing is sent.
    Show(view, edt, frame, Send::kNo).IgnoreError();
  }
  Finish(edt, *frame);
}

void ViewSet::Repeat(frame_data* frame) {
  MakeEdt();
  Prime(frame);
  Run(edt_.get(), frame, columns_);
  for (CaptureView* view : views_) {
    // This can't fail, as nothing is sent.
    Show(view, edt_.get(), frame, Send::kNo).IgnoreError();
  }
  Finish(edt_.get(), *frame);
}

void ViewSet::MakeEdt() {
  if (edt_ != nullptr) return;
  bool tree = columns_ != nullptr && columns_->NeedsTree();
  visible_ = false;
  colors_ = false;
  for (const CaptureView* view : views_) {
    tree |= view->NeedsTree();
    visible_ |= view->NeedsVisibleTree();
    colors_ |= view->NeedsColors();
  }
  edt_ = dissector_->NewEdt(pass_, tree, visible_);
}

void ViewSet::Prime(frame_data* frame) {
  frame->need_colorize = colors_ ? 1 : 0;
  if (colors_) color_filters_prime_edt(edt_.get());
  for (const CaptureView* view : views_) {
    view->PrimeFilter(edt_.get());
    if (!visible_) view->PrimeFields(edt_.get());
    view->sink().Prime(edt_.get());
  }
  if (columns_ != nullptr) columns_->Prime(edt_.get());
}

void ViewSet::Run(epan_dissect_t* edt, frame_data* frame, ColumnSet* columns) {
  dissector_->provider().previous_displayed =
      views_.front()->history().LastFrame();
  // Listeners hear only of frames in the range.
  MuteTaps(std::none_of(
      views_.begin(), views_.end(),
      [frame](const CaptureView* view) { return view->InRange(*frame); }));
  dissector_->Dissect(pass_, edt, frame, columns);
  tree_previous_ = frame->prev_dis_num;
  filled_.reset();
}

absl::Status ViewSet::Show(CaptureView* view, epan_dissect_t* edt,
                           frame_data* frame, Send send) {
  SetHistory(*view, edt, frame);
  if (!view->Passes(edt)) return absl::OkStatus();
  if (view->InRange(*frame)) {
    if (send == Send::kYes) {
      RETURN_IF_ERROR(view->AddFrame(edt, *frame, FillColumns(edt, *frame)));
    } else {
      view->CountFrame();
    }
  }
  view->Remember(*frame);
  return absl::OkStatus();
}

void ViewSet::SetHistory(const CaptureView& view, epan_dissect_t* edt,
                         frame_data* frame) {
  const CaptureView::History& history = view.history();
  const frame_data* previous = history.LastFrame();
  dissector_->provider().previous_displayed = previous;
  frame->prev_dis_num = history.previous.num;
  uint32_t bytes = history.bytes;
  frame_data_set_after_dissect(frame, &bytes);
  if (frame->prev_dis_num == tree_previous_) return;
  tree_previous_ = frame->prev_dis_num;
  SetDisplayedDelta(edt->tree, *frame, previous);
}

ColumnSet* ViewSet::FillColumns(epan_dissect_t* edt, const frame_data& frame) {
  if (columns_ == nullptr) return nullptr;
  const std::pair<uint32_t, uint32_t> history(frame.prev_dis_num,
                                              frame.cum_bytes);
  if (filled_ != history) {
    columns_->Fill(edt);
    filled_ = history;
  }
  return columns_;
}

void ViewSet::Finish(epan_dissect_t* edt, const frame_data& frame) {
  // Clears the pointer, as the view may be removed before the next frame.
  dissector_->provider().previous_displayed = nullptr;
  dissector_->Finish(edt, frame);
}

}  // namespace dissectd::engine
