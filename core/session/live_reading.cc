// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/live_reading.h"

#include <unistd.h>

#include <utility>

#include "absl/cleanup/cleanup.h"
#include "core/base/status_macros.h"
#include "core/dissection/crash_reporter.h"
#include "core/epan/capture_file.h"
#include "core/session/read_session.h"

namespace dissectd::engine {

absl::Status LiveReading::Run(SendResponse send) {
  capture_->BeginFirstPass();
  const EpanDissectPtr edt = capture_->NewFirstPassEdt();
  TransientFrame frame;
  while (true) {
    RETURN_IF_ERROR(AwaitRecord(send));
    if (over_) break;
    if (!capture_->ReadFirst(edt.get(), *deps_.crashes, &frame)) {
      EndFile();
      continue;
    }
    live_->CountRecord();
    RETURN_IF_ERROR(deps_.handle_waiting());
    if (progress_.IsDue()) RETURN_IF_ERROR(Tell(send));
  }
  capture_->EndFirstPass();
  RETURN_IF_ERROR(send(ProgressResponse(*capture_)));
  return send(FramesResponse(capture_));
}

absl::Status LiveReading::AwaitRecord(SendResponse send) {
  while (!over_ && !live_->CanRead()) {
    // No frame is at fault if the process dies while it waits.
    CrashReporter::EndFrame();
    RETURN_IF_ERROR(Tell(send));
    ASSIGN_OR_RETURN(const LiveSource::Change change,
                     live_->Await(deps_.handle));
    switch (change) {
      case LiveSource::Change::kMore:
        capture_->file().ClearEndOfFile();
        break;
      case LiveSource::Change::kNextFile:
        RETURN_IF_ERROR(OpenNextFile());
        break;
      case LiveSource::Change::kOver:
        over_ = true;
    }
  }
  return absl::OkStatus();
}

absl::Status LiveReading::OpenNextFile() {
  const LiveSource::File& next = live_->file();
  const absl::Cleanup close_file = [&next] { close(next.fd); };
  ASSIGN_OR_RETURN(CaptureFile file, CaptureFile::Open(next.fd, next.name,
                                                       /*random_access=*/true));
  capture_->ContinueWith(std::move(file));
  return absl::OkStatus();
}

void LiveReading::EndFile() {
  if (capture_->file().error().has_value()) {
    over_ = true;
  } else {
    live_->SetAtEnd();
  }
}

absl::Status LiveReading::Tell(SendResponse send) {
  if (capture_->frames_kept() != frames_told_) {
    frames_told_ = capture_->frames_kept();
    RETURN_IF_ERROR(send(FramesResponse(capture_)));
  }
  if (capture_->frames_read() == records_told_) return absl::OkStatus();
  records_told_ = capture_->frames_read();
  return send(ProgressResponse(*capture_));
}

}  // namespace dissectd::engine
