// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_DISSECTION_H_
#define CORE_SESSION_DISSECTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/encode/stream_encoder.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/epan.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"
#include "core/session/compiled_view.h"
#include "core/session/frame_passes.h"
#include "core/session/lane.h"
#include "core/session/lane_board.h"
#include "core/session/progress_timer.h"

namespace dissectd {

// Dissects one capture file for one request, in the order and with the state
// that tshark has. One in the life of a process, after ApplySettings.
class Dissection : private LaneWork {
 public:
  // What a dissection works with. Nothing is owned; all outlives it.
  struct Tools {
    Epan* epan;
    StreamEncoder* encoder;
    // Processes that share a second pass.
    uint32_t lanes = 1;
  };

  // Compiles the filters and sets up the columns, and opens the epan unless it
  // is open. `request` is not owned and outlives this. Errors:
  // INVALID_ARGUMENT.
  static absl::StatusOr<std::unique_ptr<Dissection>> Create(
      const DissectRequest& request, CaptureFile file, const Tools& tools);

  // Sends the whole stream, from its header to its end. Errors: those of the
  // encoder.
  absl::Status Run();

 private:
  Dissection(const DissectRequest& request, CompiledView view,
             DisplayFilterPtr read_filter, CaptureFile file, const Tools& tools)
      : request_(request),
        passes_(request.options, std::move(view), std::move(read_filter),
                std::move(file), tools.epan),
        lanes_(tools.lanes),
        encoder_(tools.encoder) {}

  absl::Status RunOnePass();

  // Of the pass whose frames are sent.
  bool IsOver() override;
  absl::Status DissectForView(epan_dissect_t* edt, frame_data* frame);
  // Calls `send` if the frame is in the view.
  absl::Status DissectNext(epan_dissect_t* edt, frame_data* frame,
                           ColumnSet* columns,
                           absl::FunctionRef<absl::Status()> send);

  // In second_pass.cc.
  absl::Status RunSecondPass();
  absl::Status BeginLane() override;
  absl::Status WorkOn(std::unique_ptr<Result>* result) override;
  void Skim() override;
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
  const uint32_t lanes_;
  StreamEncoder* const encoder_;
  std::optional<ColumnSet> columns_;

  uint32_t frames_sent_ = 0;
  // By what was sent.
  bool limited_ = false;
  ProgressTimer progress_;

  // What lanes use.
  std::optional<SharedBoard> board_;
  std::vector<EncodedBatch> held_;
  EpanDissectPtr lane_edt_;
  EpanDissectPtr skim_edt_;
};

}  // namespace dissectd

#endif  // CORE_SESSION_DISSECTION_H_
