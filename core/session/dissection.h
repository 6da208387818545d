// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_DISSECTION_H_
#define CORE_SESSION_DISSECTION_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/encode/frame_sink.h"
#include "core/encode/stream_encoder.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/epan/display_filter.h"
#include "core/epan/epan.h"
#include "core/epan/handles.h"
#include "core/request/dissect_request.h"
#include "core/session/lane.h"
#include "core/session/lane_board.h"
#include "core/session/live_source.h"

namespace dissectd {

// Dissects one capture for one request, in the order and with the state that
// tshark has. One in the life of a process, after ApplySettings.
class Dissection : private LaneWork {
 public:
  // What a dissection works with. Nothing is owned; all outlives it.
  struct Tools {
    Epan* epan;
    FrameSink* sink;
    // The same; null for requests that have a single pass.
    StreamEncoder* encoder = nullptr;
    // Processes that share a second pass.
    uint32_t lanes = 1;
    // Null unless the capture is live.
    LiveSource* live = nullptr;
  };

  // Compiles the filters and sets up the columns, and opens the epan unless it
  // is open. `request` is not owned and outlives this. Errors:
  // INVALID_ARGUMENT.
  static absl::StatusOr<std::unique_ptr<Dissection>> Create(
      const DissectRequest& request, CaptureFile file, const Tools& tools);

  // Sends the whole stream, from its header to its end. Errors: those of the
  // sink.
  absl::Status Run();

 private:
  using Clock = std::chrono::steady_clock;

  Dissection(const DissectRequest& request, CaptureFile file,
             const Tools& tools)
      : request_(request),
        file_(std::move(file)),
        lanes_(tools.lanes),
        epan_(tools.epan),
        provider_(*tools.epan->provider()),
        sink_(tools.sink),
        encoder_(tools.encoder),
        live_(tools.live) {}

  void PrepareEpan();
  // Has libwireshark ask the file, and hear what it says beside packets.
  void ConnectFile();

  absl::Status RunOnePass();

  // In live_pass.cc.
  absl::Status RunLive();
  // Has libwireshark forget all that it learnt from the frames so far.
  void ResetState();
  // Waits until a record can be read, or the capture is over.
  absl::Status AwaitRecord();
  void EndLiveFile();
  absl::Status OpenNextFile();
  absl::Status CountFromFirstRecord();

  absl::Status RunFirstPass();
  // Says whether the frame passed the read filter.
  bool KeepFrame(epan_dissect_t* edt, int64_t offset);

  // Of the pass whose frames are sent.
  bool IsOver() override;
  // Reads the next frame. Null at the end and on an error.
  frame_data* NextFrame();
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

  // Dissects the current record as `frame`, and says whether it passes
  // `filter`.
  bool Dissect(epan_dissect_t* edt, frame_data* frame, ColumnSet* columns,
               dfilter_t* filter);
  absl::Status SendFrame(epan_dissect_t* edt, const frame_data& frame);

  static void ProcessHostNames();
  bool InRange(uint32_t number) const;
  // Whether the view's range ends here.
  bool LastFrameRead();
  bool LastFrameSent();
  // For a frame that is only dissected for the sake of others and of filters.
  EpanDissectPtr NewBareEdt(bool filtered) const;
  EpanDissectPtr NewFinalEdt();
  // Tells libwireshark what the view needs of the next frame.
  void PrimeForView(epan_dissect_t* edt);
  ProgressReport Totals(uint32_t pass) const;
  absl::Status MaybeSendProgress(uint32_t pass);

  const DissectRequest& request_;
  CaptureFile file_;
  const uint32_t lanes_;
  Epan* const epan_;
  packet_provider_data& provider_;
  FrameSink* const sink_;
  StreamEncoder* const encoder_;
  LiveSource* const live_;
  DisplayFilterPtr read_filter_;
  DisplayFilterPtr display_filter_;
  std::optional<ColumnSet> columns_;

  FrameSequencePtr frames_;
  Record record_;

  nstime_t elapsed_ = NSTIME_INIT_ZERO;
  uint32_t cumulative_bytes_ = 0;
  uint32_t frames_read_ = 0;
  // Frames that passed the read filter; only with two passes.
  uint32_t frames_kept_ = 0;
  uint32_t frames_sent_ = 0;
  // In the second pass.
  uint32_t frames_again_ = 0;
  bool limited_ = false;
  bool end_reached_ = false;
  // Whether fields are dissected into a tree that has only what is asked for.
  bool primes_fields_ = false;
  // The frame in work, in a single pass.
  frame_data passing_frame_ = {};
  // Copies of frames that provider_ points to.
  frame_data reference_frame_ = {};
  frame_data previous_displayed_ = {};
  frame_data previous_captured_ = {};
  Clock::time_point last_progress_ = Clock::now();

  // What lanes use.
  std::optional<SharedBoard> board_;
  std::vector<EncodedBatch> held_;
  EpanDissectPtr lane_edt_;
  EpanDissectPtr skim_edt_;
};

}  // namespace dissectd

#endif  // CORE_SESSION_DISSECTION_H_
