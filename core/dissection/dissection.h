// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_DISSECTION_H_
#define CORE_DISSECTION_DISSECTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/dissection/compiled_view.h"
#include "core/dissection/frame_passes.h"
#include "core/dissection/pass_worker.h"
#include "core/dissection/pass_worker_state.h"
#include "core/dissection/progress_timer.h"
#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/epan.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Dissects one capture file for one request, in the order and with the state
// that tshark has. One in the life of a process, after ApplySettings.
class Dissection : private PassWork {
 public:
  // What a dissection works with. Nothing is owned; all outlives it.
  struct Deps {
    Epan* epan;
    FrameSink* sink;
    // Processes that share a second pass, if the sink can be shared.
    uint32_t pass_workers = 1;
  };

  // Compiles the filters and sets up the columns, and opens the epan unless it
  // is open. `request` is not owned and outlives this. Errors:
  // INVALID_ARGUMENT.
  static absl::StatusOr<std::unique_ptr<Dissection>> Create(
      const DissectRequest& request, CaptureFile file, const Deps& tools);

  // Sends the whole stream, from its header to its end. Errors: those of the
  // sink.
  absl::Status Run();

 private:
  Dissection(const DissectRequest& request, CompiledView view,
             DisplayFilterPtr read_filter, CaptureFile file, const Deps& tools)
      : request_(request),
        passes_(request.options, std::move(view), std::move(read_filter),
                std::move(file), tools.epan),
        pass_workers_(tools.pass_workers),
        sink_(tools.sink) {}

  // Dissects the frames of the last pass in this process.
  absl::Status RunLastPass(uint32_t pass);

  // Of the pass whose frames are sent.
  bool IsOver() override;
  absl::Status DissectForView(epan_dissect_t* edt, frame_data* frame);
  // Calls `send` if the frame is in the view.
  absl::Status DissectNext(epan_dissect_t* edt, frame_data* frame,
                           ColumnSet* columns,
                           absl::FunctionRef<absl::Status()> send);

  // In second_pass.cc.
  absl::Status RunSecondPass();
  absl::Status SharePass();
  absl::Status BeginPassWorker() override;
  absl::Status WorkOn(std::unique_ptr<Result>* result) override;
  void Replay() override;
  absl::Status Send(const Result& result) override;

  absl::Status SendFrame(epan_dissect_t* edt, const frame_data& frame);

  const CompiledView& view() const { return passes_.view(); }
  CaptureFile& file() { return passes_.dissector().file(); }
  // Whether the view's range ends here.
  bool LastFrameSent();
  // Whether a limit of the view's range was reached.
  bool IsLimited() const { return limited_ || passes_.is_limited(); }
  EpanDissectPtr NewFinalEdt();
  // Tells libwireshark what the view needs of the next frame.
  void PrimeForView(epan_dissect_t* edt);
  ProgressReport Totals(uint32_t pass) const;
  absl::Status MaybeSendProgress(uint32_t pass);

  const DissectRequest& request_;
  FramePasses passes_;
  const uint32_t pass_workers_;
  FrameSink* const sink_;
  std::optional<ColumnSet> columns_;

  uint32_t frames_sent_ = 0;
  // By what was sent.
  bool limited_ = false;
  ProgressTimer progress_;

  // What pass workers use.
  std::optional<SharedPassState> shared_state_;
  PartedSink* parted_ = nullptr;
  EpanDissectPtr pass_edt_;
  EpanDissectPtr replay_edt_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_DISSECTION_H_
