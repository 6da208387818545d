// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/live_dissection.h"

#include <unistd.h>

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"
#include "core/dissection/displayed_delta.h"
#include "core/dissection/time_share.h"

namespace dissectd::engine {
namespace {

// Of so many frames one is measured.
constexpr uint32_t kFramesPerMeasurement = 16;
// A stream may take this part of the time, if others suffer.
constexpr int kMostOfTime = 2;
// Less says nothing.
constexpr std::chrono::milliseconds kEnoughMeasured(20);

}  // namespace

bool LiveDissection::StateAge::IsOver() const {
  return (limits_->reset_after_frames != 0 &&
          frames_ >= limits_->reset_after_frames) ||
         (limits_->reset_after_mib != 0 &&
          bytes_ >> 20 >= limits_->reset_after_mib);
}

LiveDissection::LiveDissection(const DissectRequest& settings, CaptureFile file,
                               const Deps& tools)
    : limits_(settings.live),
      live_(tools.live),
      owner_(tools.owner),
      dissector_(settings.options, std::move(file), tools.epan),
      age_(limits_) {
  if (settings.view.WantsColumns()) columns_.emplace();
  SkipToFirstRecord();
}

absl::Status LiveDissection::AddFromBeginning(
    std::unique_ptr<LiveStream> stream) {
  RETURN_IF_ERROR(stream->SendLost(1, frames_read_));
  return AddFromHere(std::move(stream));
}

absl::Status LiveDissection::AddFromHere(std::unique_ptr<LiveStream> stream) {
  DropEdt();
  streams_.push_back(std::move(stream));
  return EndStreamsAtLimit();
}

LiveStream* LiveDissection::Find(ipc::StreamNumber number) {
  for (const auto& stream : streams_) {
    if (stream->number() == number) return stream.get();
  }
  return nullptr;
}

void LiveDissection::Remove(ipc::StreamNumber number) {
  DropEdt();
  streams_.erase(std::remove_if(streams_.begin(), streams_.end(),
                                [number](const auto& stream) {
                                  return stream->number() == number;
                                }),
                 streams_.end());
}

LiveStream::History LiveDissection::HistoryOfAll() {
  LiveStream::History history;
  const frame_data* last = dissector_.provider().previous_captured;
  if (last != nullptr) history.previous = *last;
  history.bytes = bytes_of_all_;
  return history;
}

absl::Status LiveDissection::Run() {
  while (true) {
    RETURN_IF_ERROR(AwaitRecord());
    if (over_) return EndAllStreams();
    if (!ReadFrame()) {
      EndFile();
      continue;
    }
    RETURN_IF_ERROR(DissectFrame());
    RETURN_IF_ERROR(MaybeSendProgress());
    ResetIfOld();
    RETURN_IF_ERROR(EndStreamsAtLimit());
  }
}

absl::Status LiveDissection::AwaitRecord() {
  // Frames that no stream would show are left for one that may come.
  while (!over_ && (streams_.empty() || !live_->CanRead())) {
    // All that there is goes to the clients before anything is waited for.
    for (const auto& stream : streams_) {
      RETURN_IF_ERROR(stream->Flush(frames_read_));
    }
    ASSIGN_OR_RETURN(const LiveSource::Change change,
                     live_->Await([this](const WorkerChannel::Frame& frame) {
                       return owner_->OnFrame(frame);
                     }));
    switch (change) {
      case LiveSource::Change::kMore:
        dissector_.file().ClearEndOfFile();
        break;
      case LiveSource::Change::kNextFile:
        RETURN_IF_ERROR(OpenNextFile());
        break;
      case LiveSource::Change::kOver:
        over_ = true;
    }
  }
  return absl::OkStatus();
}

absl::Status LiveDissection::OpenNextFile() {
  const LiveSource::File& next = live_->file();
  const absl::Cleanup close_file = [&next] { close(next.fd); };
  ASSIGN_OR_RETURN(CaptureFile file,
                   CaptureFile::Open(next.fd, next.name,
                                     /*random_access=*/false));
  dissector_.ContinueWith(std::move(file));
  const uint32_t first = SkipToFirstRecord();
  for (const auto& stream : streams_) {
    RETURN_IF_ERROR(stream->SendLost(first, frames_read_));
  }
  return EndStreamsAtLimit();
}

void LiveDissection::EndFile() {
  if (file().error().has_value()) {
    over_ = true;
  } else if (live_->is_complete()) {
    live_->SetAtEnd();
  } else {
    live_->SetCutShort();
  }
}

uint32_t LiveDissection::SkipToFirstRecord() {
  const uint32_t next = frames_read_ + 1;
  frames_read_ = static_cast<uint32_t>(live_->file().first_record - 1);
  return next;
}

absl::Status LiveDissection::EndStreamsAtLimit() {
  const auto is_over = [this](const auto& stream) {
    return stream->IsOver(frames_read_);
  };
  auto next = std::find_if(streams_.begin(), streams_.end(), is_over);
  while (next != streams_.end()) {
    RETURN_IF_ERROR(EndStream(next->get(), EndReason::kLimit));
    Remove((*next)->number());
    next = std::find_if(streams_.begin(), streams_.end(), is_over);
  }
  return absl::OkStatus();
}

absl::Status LiveDissection::EndStream(LiveStream* stream, EndReason reason) {
  RETURN_IF_ERROR(
      stream->SendEnd(reason, dissector_.Totals(frames_read_), file()));
  return owner_->OnStreamEnd(*stream);
}

absl::Status LiveDissection::EndAllStreams() {
  const EndReason reason = file().error().has_value() ? EndReason::kReadError
                                                      : EndReason::kEndOfFile;
  for (const auto& stream : streams_) {
    RETURN_IF_ERROR(EndStream(stream.get(), reason));
  }
  return absl::OkStatus();
}

bool LiveDissection::ReadFrame() {
  const LiveStream::History& first = streams_.front()->history();
  if (!dissector_.Read(frames_read_ + 1, first.bytes, &frame_)) return false;
  ++frames_read_;
  bytes_of_all_ += frame_.pkt_len;
  age_.Add(frame_);
  live_->CountRecord();
  return true;
}

absl::Status LiveDissection::DissectFrame() {
  const bool measured =
      streams_.size() > 1 && frames_read_ % kFramesPerMeasurement == 0;
  const TimeMeasurement measurement(measured ? &spent_ : nullptr);
  NewEdtIfNone();
  Prime();
  packet_provider_data& provider = dissector_.provider();
  provider.previous_displayed = streams_.front()->history().LastFrame();
  dissector_.Dissect(Pass::kOnly, edt_.get(), &frame_,
                     columns_ ? &*columns_ : nullptr);
  tree_previous_ = frame_.prev_dis_num;
  filled_.reset();
  for (const auto& stream : streams_) {
    const TimeMeasurement own(measured ? stream->spent() : nullptr);
    RETURN_IF_ERROR(Show(stream.get()));
  }
  // The stream may be gone before the next frame.
  provider.previous_displayed = nullptr;
  dissector_.Finish(edt_.get(), frame_);
  frame_data_destroy(&frame_);
  return absl::OkStatus();
}

void LiveDissection::Prime() {
  for (const auto& stream : streams_) {
    stream->compiled().PrimeFilter(edt_.get());
    if (!visible_) stream->compiled().PrimeFields(edt_.get());
  }
  if (columns_) col_custom_prime_edt(edt_.get(), columns_->info());
}

absl::Status LiveDissection::Show(LiveStream* stream) {
  SetHistory(*stream);
  if (!stream->compiled().Passes(edt_.get())) return absl::OkStatus();
  if (stream->compiled().InRange(frame_.num)) {
    RETURN_IF_ERROR(stream->AddFrame(edt_.get(), frame_, FillColumns()));
  }
  stream->Pass(frame_);
  return absl::OkStatus();
}

void LiveDissection::SetHistory(const LiveStream& stream) {
  const frame_data* previous = stream.history().LastFrame();
  dissector_.provider().previous_displayed = previous;
  frame_.prev_dis_num = stream.history().previous.num;
  frame_.cum_bytes = stream.history().bytes + frame_.pkt_len;
  if (frame_.prev_dis_num == tree_previous_) return;
  tree_previous_ = frame_.prev_dis_num;
  SetDisplayedDelta(edt_->tree, frame_, previous);
}

ColumnSet* LiveDissection::FillColumns() {
  if (!columns_) return nullptr;
  const std::pair<uint32_t, uint32_t> history(frame_.prev_dis_num,
                                              frame_.cum_bytes);
  if (filled_ != history) {
    epan_dissect_fill_in_columns(edt_.get(), FALSE, TRUE);
    filled_ = history;
  }
  return &*columns_;
}

void LiveDissection::NewEdtIfNone() {
  if (edt_ != nullptr) return;
  bool tree = columns_ && columns_->NeedsTree();
  visible_ = false;
  for (const auto& stream : streams_) {
    tree |= stream->compiled().NeedsTree();
    visible_ |= stream->compiled().NeedsVisibleTree();
  }
  edt_ = dissector_.NewEdt(Pass::kOnly, tree, visible_);
}

void LiveDissection::DropEdt() {
  CrashReporter::BeginFrame(0, nullptr);
  edt_.reset();
}

void LiveDissection::ResetIfOld() {
  if (!age_.IsOver()) return;
  age_ = StateAge(limits_);
  DropEdt();
  dissector_.Reset();
}

absl::Status LiveDissection::MaybeSendProgress() {
  if (!progress_.IsDue()) return absl::OkStatus();
  const ProgressReport totals = dissector_.Totals(frames_read_);
  for (const auto& stream : streams_) {
    RETURN_IF_ERROR(stream->SendProgress(totals));
  }
  return RemoveSlowStreams();
}

absl::Status LiveDissection::RemoveSlowStreams() {
  if (spent_ < kEnoughMeasured) return absl::OkStatus();
  const std::chrono::nanoseconds limit =
      std::exchange(spent_, std::chrono::nanoseconds(0)) / kMostOfTime;
  std::vector<ipc::StreamNumber> slow;
  for (const auto& stream : streams_) {
    const std::chrono::nanoseconds spent =
        std::exchange(*stream->spent(), std::chrono::nanoseconds(0));
    if (spent > limit) slow.push_back(stream->number());
  }
  for (const ipc::StreamNumber number : slow) {
    LiveStream* stream = Find(number);
    if (streams_.size() == 1) break;
    RETURN_IF_ERROR(stream->Flush(frames_read_));
    RETURN_IF_ERROR(owner_->OnSlowStream(*stream));
    Remove(number);
  }
  return absl::OkStatus();
}

}  // namespace dissectd::engine
