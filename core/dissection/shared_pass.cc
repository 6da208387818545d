// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/dissection/shared_pass.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "core/base/status_macros.h"
#include "core/dissection/resumption.h"
#include "core/sandbox/worker_sandbox.h"

namespace dissectd::engine {
namespace {

// A chunk has enough frames for several batches of full trees, and few enough
// that pass workers get equal shares of a capture with some thousands of
// frames.
constexpr uint32_t kFramesPerChunk = 256;

struct ChunkResult : PassWork::Result {
  std::unique_ptr<PartedSink::Part> part;
  uint32_t frames_sent = 0;
  uint32_t frames_crashed = 0;
  int error_code = 0;
  std::string error_info;
};

// Tells pass workers of the frames that crashed earlier workers.
void AddCrashes(const Resumption& resumption, PassWorkerState* state) {
  state->max_crashes = std::min(resumption.max_crashes(), kMaxCrashes);
  for (const ipc::KnownCrash& crash : resumption.crashes()) {
    if (state->crash_count == kMaxCrashes) return;
    state->crashes[state->crash_count++] = crash;
  }
}

}  // namespace

absl::Status SharedPass::Run(uint32_t pass_workers) {
  const uint32_t chunks =
      (capture_->frames_kept() + kFramesPerChunk - 1) / kFramesPerChunk;
  ASSIGN_OR_RETURN(shared_state_,
                   SharedPassState::Create(sink_->SharedBytes()));
  PassWorkerState* state = shared_state_->get();
  AddCrashes(pass_->resumption(), state);
  state->frames_crashed = view_->frames_crashed();
  sink_->HoldParts(shared_state_->sink_memory());
  capture_->dissector().PrepareFork();
  RETURN_IF_ERROR(RunPassWorkers(state, pass_workers, chunks, this));
  view_->set_frames_sent(state->frames_sent);
  view_->set_frames_crashed(state->frames_crashed);
  if (state->error_code != 0) {
    capture_->file().SetReadError(state->error_code, state->error_info);
  }
  return absl::OkStatus();
}

absl::Status SharedPass::BeginPassWorker() {
  RETURN_IF_ERROR(WorkerSandbox::ConfinePassWorker());
  return capture_->dissector().ReopenAfterFork();
}

absl::Status SharedPass::WorkOn(std::unique_ptr<Result>* result) {
  auto done = std::make_unique<ChunkResult>();
  const uint32_t sent_before = view_->frames_sent();
  const uint32_t crashed_before = view_->frames_crashed();
  bool failed = false;
  for (uint32_t i = 0; i < kFramesPerChunk && !IsOver(); ++i) {
    frame_data* frame = pass_->Next();
    failed = frame == nullptr;
    if (failed) break;
    RETURN_IF_ERROR(Show(frame));
  }
  done->part = sink_->TakePart();
  done->frames_sent = view_->frames_sent() - sent_before;
  done->frames_crashed = view_->frames_crashed() - crashed_before;
  if (failed) {
    const WtapError& error = *capture_->file().error();
    done->error_code = error.code;
    if (error.info != nullptr) done->error_info = error.info.get();
  }
  *result = std::move(done);
  return absl::OkStatus();
}

absl::Status SharedPass::Show(frame_data* frame) {
  if (const ipc::KnownCrash* crash =
          CrashAt(*shared_state_->get(), frame->num)) {
    return pass_->LeaveOut(frame, *crash);
  }
  if (!pass_->resumption().WasSent(frame->num)) return pass_->Dissect(frame);
  pass_->Replay(frame);
  return absl::OkStatus();
}

void SharedPass::Replay() {
  for (uint32_t i = 0; i < kFramesPerChunk && !IsOver(); ++i) {
    frame_data* frame = pass_->Next();
    // The pass worker that has this chunk reports the error.
    if (frame == nullptr) return;
    if (CrashAt(*shared_state_->get(), frame->num) != nullptr) continue;
    pass_->Replay(frame);
  }
}

absl::Status SharedPass::Send(const Result& result) {
  const auto& done = static_cast<const ChunkResult&>(result);
  PassWorkerState* state = shared_state_->get();
  RETURN_IF_ERROR(sink_->SendPart(*done.part));
  state->frames_sent += done.frames_sent;
  state->frames_crashed += done.frames_crashed;
  if (done.error_code != 0) {
    state->error_code = done.error_code;
    std::strncpy(state->error_info, done.error_info.c_str(),
                 sizeof(state->error_info) - 1);
    state->stopped = true;
  }
  return pass_->MaybeSendProgress();
}

}  // namespace dissectd::engine
