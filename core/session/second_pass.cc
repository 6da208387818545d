// SPDX-License-Identifier: GPL-2.0-or-later

// The second pass of a Dissection, which lanes share: after the first pass all
// conversations and reassemblies are known, and frames can be dissected apart
// from each other. The frames are cut into chunks, which become batches of
// their own, so that the stream is the same however many lanes there are.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/base/status_macros.h"
#include "core/epan/stream_counts.h"
#include "core/session/dissection.h"

namespace dissectd {
namespace {

// Enough for several batches of full trees; few enough that lanes have the
// same share of a capture of some thousands.
constexpr uint32_t kFramesPerChunk = 256;

struct ChunkResult : LaneWork::Result {
  // A crash comes before the batch of this index.
  struct CrashBefore {
    size_t batch;
    CrashReport report;
  };

  std::vector<EncodedBatch> batches;
  std::vector<CrashBefore> crashes;
  uint32_t frames_sent = 0;
  uint32_t last_frame = 0;
  uint32_t last_displayed = 0;
  uint32_t cumulative_bytes = 0;
  bool limited = false;
  int error_code = 0;
  std::string error_info;
};

CrashReport ReportOf(const LaneBoard::Crash& crash) {
  CrashReport report;
  report.frame_number = crash.frame_number;
  report.protocol = crash.protocol;
  report.signal = crash.signal;
  report.exit_status = crash.exit_status;
  return report;
}

}  // namespace

absl::Status Dissection::RunSecondPass() {
  ASSIGN_OR_RETURN(board_, SharedBoard::Create());
  LaneBoard* board = board_->get();
  board->cumulative_bytes = cumulative_bytes_;
  encoder_->HoldBatches(&held_, board_->defined_fields());
  // How many frames before one are displayed is only known from all of them.
  in_sequence_ = display_filter_ != nullptr || request_.view.range.limit != 0;
  for (uint32_t before = 0; before < frames_kept_; before += kFramesPerChunk) {
    const frame_data* last = frame_data_sequence_find(frames_.get(), before);
    bytes_before_chunk_.push_back(cumulative_bytes_ +
                                  (last == nullptr ? 0 : last->cum_bytes));
  }
  RETURN_IF_ERROR(RunLanes(board, in_sequence_ ? 1 : lanes_,
                           static_cast<uint32_t>(bytes_before_chunk_.size()),
                           this));
  frames_sent_ = board->frames_sent;
  limited_ |= board->limited;
  if (board->error_code != 0) {
    file_.SetReadError(board->error_code, board->error_info);
  }
  return absl::OkStatus();
}

absl::Status Dissection::BeginLane() {
  RETURN_IF_ERROR(file_.ReopenAfterFork());
  lane_edt_ = NewFinalEdt();
  const LaneBoard& board = *board_->get();
  frames_sent_ = board.frames_sent;
  cumulative_bytes_ = board.cumulative_bytes;
  provider_.previous_displayed =
      frame_data_sequence_find(frames_.get(), board.last_displayed);
  provider_.previous_captured =
      frame_data_sequence_find(frames_.get(), board.frames_read);
  return absl::OkStatus();
}

void Dissection::BeginChunk(uint32_t chunk) {
  if (in_sequence_) return;
  const frame_data* last =
      frame_data_sequence_find(frames_.get(), chunk * kFramesPerChunk);
  cumulative_bytes_ = bytes_before_chunk_[chunk];
  provider_.previous_displayed = last;
  provider_.previous_captured = last;
}

absl::Status Dissection::WorkOn(uint32_t chunk,
                                std::unique_ptr<Result>* result) {
  auto done = std::make_unique<ChunkResult>();
  BeginChunk(chunk);
  const uint64_t streams_before = NumberedStreams();
  const uint32_t sent_before = frames_sent_;
  const uint32_t first = chunk * kFramesPerChunk + 1;
  const uint32_t last = std::min(frames_kept_, first + kFramesPerChunk - 1);
  for (uint32_t number = first; number <= last && !LastFrameSent(); ++number) {
    done->last_frame = number;
    if (const LaneBoard::Crash* crash = CrashAt(number)) {
      RETURN_IF_ERROR(encoder_->Flush());
      done->crashes.push_back({held_.size(), ReportOf(*crash)});
      continue;
    }
    frame_data* frame = frame_data_sequence_find(frames_.get(), number);
    if (!file_.SeekRead(frame->file_off, &record_)) {
      done->error_code = file_.error()->code;
      if (file_.error()->info != nullptr) {
        done->error_info = file_.error()->info.get();
      }
      break;
    }
    RETURN_IF_ERROR(ResendFrame(frame));
  }
  RETURN_IF_ERROR(encoder_->Flush());
  done->batches = std::exchange(held_, {});
  done->frames_sent = frames_sent_ - sent_before;
  done->cumulative_bytes = cumulative_bytes_;
  if (provider_.previous_displayed != nullptr) {
    done->last_displayed = provider_.previous_displayed->num;
  }
  done->limited = limited_;
  done->changed_state = NumberedStreams() != streams_before;
  *result = std::move(done);
  return absl::OkStatus();
}

absl::Status Dissection::Send(const Result& result) {
  const auto& done = static_cast<const ChunkResult&>(result);
  LaneBoard* board = board_->get();
  auto crash = done.crashes.begin();
  for (size_t i = 0; i <= done.batches.size(); ++i) {
    for (; crash != done.crashes.end() && crash->batch == i; ++crash) {
      RETURN_IF_ERROR(encoder_->SendCrash(crash->report));
    }
    if (i < done.batches.size()) {
      RETURN_IF_ERROR(encoder_->SendBatch(done.batches[i]));
    }
  }
  board->frames_sent += done.frames_sent;
  board->frames_read = done.last_frame;
  board->last_displayed = done.last_displayed;
  board->cumulative_bytes = done.cumulative_bytes;
  board->limited |= done.limited && request_.view.range.limit != 0 &&
                    board->frames_sent >= request_.view.range.limit;
  if (done.error_code != 0) {
    board->error_code = done.error_code;
    std::strncpy(board->error_info, done.error_info.c_str(),
                 sizeof(board->error_info) - 1);
  }
  board->stopped = board->limited || board->error_code != 0;
  return MaybeSendProgress(2);
}

absl::Status Dissection::ResendFrame(frame_data* frame) {
  epan_dissect_t* edt = lane_edt_.get();
  ProcessHostNames();
  PrimeForView(edt);
  absl::Status status = absl::OkStatus();
  if (Dissect(edt, frame, columns_ ? &*columns_ : nullptr,
              display_filter_.get())) {
    frame_data_set_after_dissect(frame, &cumulative_bytes_);
    if (InRange(frame->num)) status = SendFrame(edt, *frame);
    provider_.previous_displayed = frame;
  }
  provider_.previous_captured = frame;
  epan_dissect_reset(edt);
  return status;
}

const LaneBoard::Crash* Dissection::CrashAt(uint32_t frame_number) const {
  const LaneBoard& board = *board_->get();
  for (uint32_t i = 0; i < board.crash_count; ++i) {
    if (board.crashes[i].frame_number == frame_number) {
      return &board.crashes[i];
    }
  }
  return nullptr;
}

}  // namespace dissectd
