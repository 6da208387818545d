// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_SESSION_LIVE_READING_H_
#define CORE_SESSION_LIVE_READING_H_

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "core/dissection/live_source.h"
#include "core/dissection/opened_capture.h"
#include "core/dissection/progress_timer.h"
#include "core/dissection/resumption.h"
#include "core/epan/handles.h"
#include "core/ipc/worker_channel.h"
#include "core/query/query.h"

namespace dissectd::engine {

// Reads the capture of a session while it is written, and dissects its frames
// as in the first of two passes. The process may fork between two frames.
class LiveReading {
 public:
  // Nothing is owned; everything outlives this.
  struct Deps {
    OpenedCapture* capture;
    LiveSource* live;
    // The frames that crashed processes which read the capture before.
    const Resumption* crashes;
    // Handles a message that isn't about the capture.
    std::function<absl::Status(const WorkerChannel::Message&)> handle;
    // Handles such messages if they have come already.
    std::function<absl::Status()> handle_waiting;
  };

  explicit LiveReading(Deps deps)
      : deps_(std::move(deps)), capture_(deps_.capture), live_(deps_.live) {}

  // Answers ipc::Query::kReadLiveSession. Errors: those of the source, of
  // files, and of messages.
  absl::Status Run(SendResponse send);

 private:
  // Waits until a record can be read, or the capture is over.
  absl::Status AwaitRecord(SendResponse send);
  absl::Status OpenNextFile();
  // Handles the current end of the file, or an error.
  void EndFile();
  // Tells about the frames since the last time.
  absl::Status Tell(SendResponse send);

  const Deps deps_;
  OpenedCapture* const capture_;
  LiveSource* const live_;
  uint32_t frames_told_ = 0;
  uint32_t records_told_ = 0;
  // Whether nothing more of the capture can be read.
  bool over_ = false;
  ProgressTimer progress_;
};

}  // namespace dissectd::engine

#endif  // CORE_SESSION_LIVE_READING_H_
