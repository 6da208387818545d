// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_DISSECTION_LIVE_STREAM_H_
#define CORE_DISSECTION_LIVE_STREAM_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/dissection/capture_view.h"
#include "core/encode/frame_sink.h"
#include "core/epan/capture_file.h"
#include "core/epan/columns.h"
#include "core/ipc/protocol.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// A stream of messages that show one view of a live capture to any number of
// readers. It describes each message, so that dissectd knows up to which frame
// the stream has come.
//
// Every method that sends returns the error of the output.
class LiveStream : private FrameSink {
 public:
  // The destination of a stream's frames.
  struct Output {
    std::unique_ptr<FrameSink> sink;
    // Makes the sink refer to nothing that it sent before. Null if it never
    // does.
    absl::AnyInvocable<void()> forget_sent;
  };

  // Makes the output of a stream for the request's view. `message` outlives the
  // sink, which describes each message in it before sending.
  using OutputFactory = absl::FunctionRef<absl::StatusOr<Output>(
      const DissectRequest& request, const ipc::StreamMessage& message)>;

  // Uses only the view and the batch options of the request. Errors: those of
  // the factory and of CaptureView.
  static absl::StatusOr<std::unique_ptr<LiveStream>> Create(
      ipc::StreamNumber number, DissectRequest request,
      OutputFactory new_output);

  LiveStream(const LiveStream&) = delete;
  LiveStream& operator=(const LiveStream&) = delete;

  ipc::StreamNumber number() const { return message_.stream; }
  const std::string& display_filter() const {
    return request_.view.display_filter;
  }
  CaptureView& view() { return *view_; }
  const CaptureView& view() const { return *view_; }

  // Sends the stream's frames among the first `frames_read` frames.
  absl::Status SendRead(uint32_t frames_read);

  // Reports frames up to `last` as deleted, from `first` or from the beginning
  // of the view. Call SendRead before.
  absl::Status ReportLost(uint32_t first, uint32_t last);

  // Flushes, then sends how much was read in all.
  absl::Status ReportProgress(ProgressReport totals);
  absl::Status End(EndReason reason, ProgressReport totals,
                   const CaptureFile& file);

  // Adds a client that reads the stream from here on, and has none of the
  // earlier messages.
  void AddReader() {
    if (output_.forget_sent) output_.forget_sent();
  }

 private:
  LiveStream(ipc::StreamNumber number, DissectRequest request)
      : request_(std::move(request)) {
    message_.stream = number;
  }

  // FrameSink: counts the frames of the view and passes them to the output.
  FrameNeeds needs() const override { return output_.sink->needs(); }
  absl::Status AddFrame(epan_dissect_t* edt, const frame_data& frame,
                        ColumnSet* columns) override;
  absl::Status SendEnd(EndReason reason, const ProgressReport& totals,
                       const WtapError* error,
                       absl::string_view file_name) override;

  // Flushes, and prepares for a message with `totals`.
  absl::Status BeginTotals(ProgressReport* totals);

  // The output and the view point to it.
  const DissectRequest request_;
  // Describes the next message.
  ipc::StreamMessage message_ = {};
  Output output_;
  // Present from Create on.
  std::optional<CaptureView> view_;
};

}  // namespace dissectd::engine

#endif  // CORE_DISSECTION_LIVE_STREAM_H_
