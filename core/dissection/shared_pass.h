// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_SHARED_PASS_H_
#define CORE_DISSECTION_SHARED_PASS_H_

#include <cstdint>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/opened_capture.h"
#include "core/dissection/pass_worker.h"
#include "core/dissection/pass_worker_state.h"
#include "core/dissection/view_pass.h"
#include "core/encode/frame_sink.h"

namespace dissectd::engine {

// A second pass that pass workers share. Dissectors change the state of
// conversations in the second pass too, so each pass worker dissects all frames
// in their order. Only those in its own chunks it dissects with everything that
// the view needs, which takes most of the time. Each chunk becomes a part of
// the stream, so the stream doesn't depend on the number of pass workers.
class SharedPass : private PassWork {
 public:
  // `view` belongs to `pass`, and its sink is `sink`. Nothing is owned;
  // everything outlives this.
  SharedPass(OpenedCapture* capture, CaptureView* view, ViewPass* pass,
             PartedSink* sink)
      : capture_(capture), view_(view), pass_(pass), sink_(sink) {}

  // Forks the pass workers, and returns when all frames are sent. Frames at
  // which pass workers die are left out. Errors: those of RunPassWorkers.
  absl::Status Run(uint32_t pass_workers);

 private:
  absl::Status BeginPassWorker() override;
  absl::Status WorkOn(std::unique_ptr<Result>* result) override;
  void Replay() override;
  bool IsOver() override { return pass_->IsOver(); }
  absl::Status Send(const Result& result) override;
  // Dissects a frame of a chunk, unless it can't be dissected or was sent.
  absl::Status Show(frame_data* frame);

  OpenedCapture* const capture_;
  CaptureView* const view_;
  ViewPass* const pass_;
  PartedSink* const sink_;
  // Present once Run has begun.
  std::optional<SharedPassState> shared_state_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_SHARED_PASS_H_
