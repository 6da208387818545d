// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/live_dissection.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"

namespace dissectd::engine {
namespace {

// Time is measured for one frame of this many.
constexpr uint32_t kFramesPerMeasurement = 16;
// A stream is too slow if it takes more than one part in this many of the time.
constexpr int kMostOfTime = 2;
// Less measured time than this is not significant.
constexpr std::chrono::milliseconds kEnoughMeasured(20);

}  // namespace

bool LiveDissection::StateAge::IsOver() const {
  return (limits_->reset_after_frames != 0 &&
          frames_ >= limits_->reset_after_frames) ||
         (limits_->reset_after_mib != 0 &&
          bytes_ >> 20 >= limits_->reset_after_mib);
}

LiveDissection::LiveDissection(const DissectRequest& settings, CaptureFile file,
                               const Deps& deps)
    : limits_(settings.live),
      live_(deps.live),
      owner_(deps.owner),
      dissector_(settings.options, std::move(file), deps.epan),
      columns_(settings.view.WantsColumns() ? std::make_unique<ColumnSet>()
                                            : nullptr),
      views_(Pass::kOnly, &dissector_, columns_.get()),
      age_(limits_) {
  SkipToFirstRecord();
}

absl::Status LiveDissection::AddFromBeginning(
    std::unique_ptr<LiveStream> stream) {
  RETURN_IF_ERROR(stream->ReportLost(1, frames_read_));
  return AddFromHere(std::move(stream));
}

absl::Status LiveDissection::AddFromHere(std::unique_ptr<LiveStream> stream) {
  views_.Add(&stream->view());
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
  const auto found = std::find_if(
      streams_.begin(), streams_.end(),
      [number](const auto& stream) { return stream->number() == number; });
  if (found == streams_.end()) return;
  views_.Remove(&(*found)->view());
  streams_.erase(found);
}

CaptureView::History LiveDissection::HistoryOfAll() {
  CaptureView::History history;
  const frame_data* last = dissector_.provider().previous_captured;
  if (last != nullptr) history.previous = *last;
  history.bytes = bytes_read_;
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
  // Without streams no frames are read, as a new stream may need them.
  while (!over_ && (streams_.empty() || !live_->CanRead())) {
    // No frame is at fault if the worker dies while it waits.
    CrashReporter::EndFrame();
    // Clients get all frames before the worker waits.
    for (const auto& stream : streams_) {
      RETURN_IF_ERROR(stream->SendRead(frames_read_));
    }
    ASSIGN_OR_RETURN(
        const LiveSource::Change change,
        live_->Await([this](const WorkerChannel::Message& message) {
          return owner_->OnMessage(message);
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
    RETURN_IF_ERROR(stream->ReportLost(first, frames_read_));
  }
  return EndStreamsAtLimit();
}

void LiveDissection::EndFile() {
  if (file().error().has_value()) {
    over_ = true;
  } else {
    live_->SetAtEnd();
  }
}

uint32_t LiveDissection::SkipToFirstRecord() {
  const uint32_t next = frames_read_ + 1;
  frames_read_ = static_cast<uint32_t>(live_->file().first_record - 1);
  return next;
}

absl::Status LiveDissection::EndStreamsAtLimit() {
  const auto is_over = [this](const auto& stream) {
    return stream->view().IsOver(frames_read_);
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
  RETURN_IF_ERROR(stream->End(reason, dissector_.Totals(frames_read_), file()));
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
  frame_.Clear();
  if (!dissector_.Read(frames_read_ + 1, frame_.get())) return false;
  ++frames_read_;
  bytes_read_ += frame_->pkt_len;
  age_.Add(*frame_);
  live_->CountRecord();
  return true;
}

absl::Status LiveDissection::DissectFrame() {
  const bool measured =
      streams_.size() > 1 && frames_read_ % kFramesPerMeasurement == 0;
  return views_.Dissect(
      frame_.get(), measured ? ViewSet::Measure::kYes : ViewSet::Measure::kNo);
}

void LiveDissection::ResetIfOld() {
  if (!age_.IsOver()) return;
  age_ = StateAge(limits_);
  views_.Release();
  dissector_.Reset();
}

absl::Status LiveDissection::MaybeSendProgress() {
  if (!progress_.IsDue()) return absl::OkStatus();
  const ProgressReport totals = dissector_.Totals(frames_read_);
  for (const auto& stream : streams_) {
    RETURN_IF_ERROR(stream->ReportProgress(totals));
  }
  return RemoveSlowStreams();
}

absl::Status LiveDissection::RemoveSlowStreams() {
  if (*views_.spent() < kEnoughMeasured) return absl::OkStatus();
  const std::chrono::nanoseconds limit =
      std::exchange(*views_.spent(), std::chrono::nanoseconds(0)) / kMostOfTime;
  std::vector<ipc::StreamNumber> slow;
  for (const auto& stream : streams_) {
    const std::chrono::nanoseconds spent =
        std::exchange(*stream->view().spent(), std::chrono::nanoseconds(0));
    if (spent > limit) slow.push_back(stream->number());
  }
  for (const ipc::StreamNumber number : slow) {
    LiveStream* stream = Find(number);
    if (streams_.size() == 1) break;
    RETURN_IF_ERROR(stream->SendRead(frames_read_));
    RETURN_IF_ERROR(owner_->OnSlowStream(*stream));
    Remove(number);
  }
  return absl::OkStatus();
}

}  // namespace dissectd::engine
