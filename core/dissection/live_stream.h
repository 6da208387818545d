// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_LIVE_STREAM_H_
#define CORE_DISSECTION_LIVE_STREAM_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "core/dissection/compiled_view.h"
#include "core/encode/frame_sink.h"
#include "core/ipc/protocol.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// One view of a live capture: what is shown, to whom it goes and what has been
// shown before.
//
// Every method that sends returns the error of the sink.
class LiveStream {
 public:
  // The frames that passed the filter, as far as later ones depend on them.
  struct History {
    // The last of them; without a number if there is none.
    frame_data previous = {};
    // Of all of them.
    uint32_t bytes = 0;

    // Null if there is none.
    const frame_data* LastFrame() const {
      return previous.num == 0 ? nullptr : &previous;
    }
  };

  // Where a stream's frames go.
  struct Output {
    std::unique_ptr<FrameSink> sink;
    // Has the sink refer to nothing that it sent before. Null if it never does.
    absl::AnyInvocable<void()> forget_sent;
  };

  // Makes the output of a stream that shows the request's view. `message`
  // outlives the sink, and describes each message that it sends.
  using OutputFactory = absl::FunctionRef<absl::StatusOr<Output>(
      const DissectRequest& request, const ipc::StreamMessage& message)>;

  // Of the request, the view and the batch options count. Errors: those of the
  // factory and of CompiledView.
  static absl::StatusOr<std::unique_ptr<LiveStream>> Create(
      ipc::StreamNumber number, DissectRequest request,
      OutputFactory new_output);

  LiveStream(const LiveStream&) = delete;
  LiveStream& operator=(const LiveStream&) = delete;

  ipc::StreamNumber number() const { return message_.stream; }
  const View& view() const { return request_.view; }
  const CompiledView& compiled() const { return *compiled_; }
  // Empty until it is set.
  const History& history() const { return history_; }
  void set_history(const History& history) { history_ = history; }

  // Whether no further frame can be in the view.
  bool IsOver(uint32_t frames_read) const {
    return compiled_->EndsWithSent(message_.frames_sent) ||
           compiled_->EndsWithRead(frames_read);
  }

  // Counts a frame that has passed the filter, after it was sent or not.
  void Pass(const frame_data& frame);

  // `columns` are null unless the view wants columns.
  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns);

  // Sends what it has of the frames up to this one, all that were read.
  absl::Status Flush(uint32_t frames_read);

  // Says that frames up to `last` were deleted, beginning with `first` or where
  // the view does. Nothing may be left to be flushed.
  absl::Status SendLost(uint32_t first, uint32_t last);

  // Flush, then how much was read in all.
  absl::Status SendProgress(ProgressReport totals);
  absl::Status SendEnd(EndReason reason, ProgressReport totals,
                       const CaptureFile& file);

  // What the frames took that were measured.
  std::chrono::nanoseconds* spent() { return &spent_; }

  // Lets another client read the stream from here on, who knows nothing of what
  // came before.
  void AddReader() {
    if (forget_sent_) forget_sent_();
  }

 private:
  LiveStream(ipc::StreamNumber number, DissectRequest request)
      : request_(std::move(request)) {
    message_.stream = number;
  }

  // Flushes, and prepares for a message with `totals`.
  absl::Status BeginTotals(ProgressReport* totals);

  // The sink and the compiled view point to it.
  const DissectRequest request_;
  // What the next message is.
  ipc::StreamMessage message_ = {};
  std::unique_ptr<FrameSink> sink_;
  absl::AnyInvocable<void()> forget_sent_;
  std::optional<CompiledView> compiled_;
  History history_;
  std::chrono::nanoseconds spent_{0};
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_LIVE_STREAM_H_
