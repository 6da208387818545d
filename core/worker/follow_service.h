// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_WORKER_FOLLOW_SERVICE_H_
#define CORE_WORKER_FOLLOW_SERVICE_H_

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/dissection/capture_view.h"
#include "core/dissection/live_dissection.h"
#include "core/dissection/live_source.h"
#include "core/dissection/live_stream.h"
#include "core/epan/capture_file.h"
#include "core/epan/epan.h"
#include "core/ipc/worker_channel.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// Follows a live capture for streams that dissectd adds and removes.
class FollowService : private LiveDissection::Owner {
 public:
  struct Deps {
    Epan* epan;
    WorkerChannel* channel;
    LiveSource* live;
  };

  // `settings` are those of LiveDissection. Nothing is owned; everything
  // outlives this.
  FollowService(const DissectRequest& settings, const Deps& deps)
      : settings_(settings), deps_(deps), channel_(deps.channel) {}

  // Receives the first stream, and sends all streams until the capture ends.
  // Errors: those of LiveStream for the first stream, and those of
  // LiveDissection.
  absl::Status Run(CaptureFile file);

 private:
  absl::Status OnMessage(const WorkerChannel::Message& message) override;
  absl::Status OnStreamEnd(const LiveStream& stream) override;
  absl::Status OnSlowStream(const LiveStream& stream) override;

  absl::Status AddStream(absl::string_view payload);
  // Makes a stream that joins the others.
  absl::StatusOr<std::unique_ptr<LiveStream>> JoiningStream(
      const ipc::AddStream& added, absl::string_view request);
  absl::StatusOr<std::unique_ptr<LiveStream>> NewStream(
      ipc::StreamNumber number, absl::string_view request);
  // Returns the history of another stream with the same filter.
  absl::StatusOr<CaptureView::History> HistoryFor(const LiveStream& stream);

  absl::Status SendHeader();
  absl::Status SendEnded(ipc::StreamNumber number, const absl::Status& status);
  absl::Status SendStates();

  const DissectRequest& settings_;
  const Deps deps_;
  WorkerChannel* const channel_;
  std::optional<LiveDissection> dissection_;
};

}  // namespace dissectd::engine

#endif  // CORE_WORKER_FOLLOW_SERVICE_H_
