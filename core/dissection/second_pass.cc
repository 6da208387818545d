// SPDX-License-Identifier: GPL-2.0-or-later

// The second pass of a Dissection, which pass workers share. Dissectors change
// the state of conversations in the second pass too, so that each pass worker
// dissects all frames in their order; but only those of its own chunks with all
// that the view asks for, which takes most of the time. Chunks become batches
// of their own, so that the stream is the same however many pass workers there
// are.

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/dissection/dissection.h"

namespace dissectd::engine {
namespace {

// Enough for several batches of full trees; few enough that pass workers have
// the same share of a capture of some thousands.
constexpr uint32_t kFramesPerChunk = 256;

struct ChunkResult : PassWork::Result {
  std::unique_ptr<PartedSink::Part> part;
  uint32_t frames_sent = 0;
  bool limited = false;
  int error_code = 0;
  std::string error_info;
};

CrashReport ReportOf(const PassWorkerState::Crash& crash) {
  CrashReport report;
  report.frame_number = crash.frame_number;
  report.protocol = crash.protocol;
  report.signal = crash.signal;
  report.exit_status = crash.exit_status;
  return report;
}

}  // namespace

absl::Status Dissection::RunSecondPass() {
  parted_ = sink_->AsParted();
  return parted_ == nullptr ? RunLastPass(2) : SharePass();
}

absl::Status Dissection::SharePass() {
  const uint32_t chunks =
      (passes_.frames_kept() + kFramesPerChunk - 1) / kFramesPerChunk;
  // Without a tree, to replay takes as long as to work.
  const uint32_t pass_workers = request_.view.WantsTree() ? pass_workers_ : 1;
  ASSIGN_OR_RETURN(shared_state_,
                   SharedPassState::Create(parted_->SharedBytes()));
  PassWorkerState* board = shared_state_->get();
  parted_->HoldParts(shared_state_->sink_memory());
  RETURN_IF_ERROR(RunPassWorkers(board, pass_workers, chunks, this));
  frames_sent_ = board->frames_sent;
  limited_ |= board->limited;
  if (board->error_code != 0) {
    file().SetReadError(board->error_code, board->error_info);
  }
  return absl::OkStatus();
}

absl::Status Dissection::BeginPassWorker() {
  pass_edt_ = NewFinalEdt();
  replay_edt_ = passes_.NewEdt(view().has_filter(), /*visible=*/false);
  return file().ReopenAfterFork();
}

absl::Status Dissection::WorkOn(std::unique_ptr<Result>* result) {
  auto done = std::make_unique<ChunkResult>();
  const uint32_t sent_before = frames_sent_;
  for (uint32_t i = 0; i < kFramesPerChunk && !IsOver(); ++i) {
    frame_data* frame = passes_.Next();
    if (frame == nullptr) break;
    if (const PassWorkerState::Crash* crash =
            CrashAt(*shared_state_->get(), frame->num)) {
      RETURN_IF_ERROR(sink_->SendCrash(ReportOf(*crash)));
      continue;
    }
    RETURN_IF_ERROR(DissectForView(pass_edt_.get(), frame));
  }
  done->part = parted_->TakePart();
  done->frames_sent = frames_sent_ - sent_before;
  done->limited = IsOver() && IsLimited();
  if (passes_.end_reached()) {
    const WtapError& error = *file().error();
    done->error_code = error.code;
    if (error.info != nullptr) done->error_info = error.info.get();
  }
  *result = std::move(done);
  return absl::OkStatus();
}

void Dissection::Replay() {
  epan_dissect_t* edt = replay_edt_.get();
  for (uint32_t i = 0; i < kFramesPerChunk && !IsOver(); ++i) {
    frame_data* frame = passes_.Next();
    // An error is reported by the chunk's own pass worker.
    if (frame == nullptr) return;
    if (CrashAt(*shared_state_->get(), frame->num) != nullptr) continue;
    view().PrimeFilter(edt);
    DissectNext(edt, frame, nullptr, [this] {
      ++frames_sent_;
      return absl::OkStatus();
    }).IgnoreError();
  }
}

absl::Status Dissection::Send(const Result& result) {
  const auto& done = static_cast<const ChunkResult&>(result);
  PassWorkerState* board = shared_state_->get();
  RETURN_IF_ERROR(parted_->SendPart(*done.part));
  board->frames_sent += done.frames_sent;
  board->limited |= done.limited;
  if (done.error_code != 0) {
    board->error_code = done.error_code;
    std::strncpy(board->error_info, done.error_info.c_str(),
                 sizeof(board->error_info) - 1);
    board->stopped = true;
  }
  return MaybeSendProgress(2);
}

}  // namespace dissectd::engine
