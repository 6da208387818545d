// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/pending_capture.h"

#include <asio/post.hpp>

#include "absl/strings/str_cat.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/capture/capture_folder.h"
#include "server/capture/capture_options.h"

namespace dissectd::server {

void PendingCapture::Start(
    absl::AnyInvocable<void(const absl::Status&)> started) {
  deps_.loop->AssertOnLoop();
  started_ = std::move(started);
  asio::post(deps_.disk, [self = shared_from_this()] {
    const absl::Status made = MakeCaptureFolder(self->deps_.root, self->id_);
    self->deps_.loop->Post([self, made] {
      if (!made.ok()) return self->Finish(made);
      self->SetChannels(0);
    });
  });
}

void PendingCapture::SetChannels(int index) {
  const v1::CaptureOptions& options = capture_->description().options();
  while (index < options.interfaces_size() &&
         !options.interfaces(index).has_wifi_channel()) {
    ++index;
  }
  if (index == options.interfaces_size()) return StartDumpcap();
  deps_.dumpcap->Query(WifiChannelArguments(options.interfaces(index)),
                       [self = shared_from_this(),
                        index](const absl::StatusOr<std::string>& answer) {
                         if (!answer.ok()) return self->Finish(answer.status());
                         self->SetChannels(index + 1);
                       });
}

void PendingCapture::StartDumpcap() {
  deps_.loop->AssertOnLoop();
  const v1::CaptureOptions& options = capture_->description().options();
  const std::string path = absl::StrCat(deps_.store, "/", kCapturesFolder, "/",
                                        id_, "/", CaptureFileName(options));
  deps_.dumpcap->Prepare(
      CaptureArguments(options, path),
      [self = shared_from_this()](const absl::StatusOr<Command>& command) {
        if (!command.ok()) return self->Finish(command.status());
        if (self->cancelled_) return self->Finish(errors::ServerStopping());
        Command start = *command;
        // The bytes that such a dumpcap reads are hostile.
        start.unprivileged =
            ReadsOnlyFromClient(self->capture_->description().options());
        self->capture_->Start(start, [self](const absl::Status& status) {
          self->Finish(status);
        });
      });
}

void PendingCapture::Finish(const absl::Status& status) {
  // The function may own this object.
  std::exchange(started_, nullptr)(status);
}

void PendingCapture::Cancel() {
  deps_.loop->AssertOnLoop();
  cancelled_ = true;
  capture_->Stop(v1::STOP_REASON_SHUTDOWN);
}

void PendingCapture::Answer(const absl::StatusOr<v1::Capture>& answer) {
  deps_.loop->AssertOnLoop();
  for (Done& call : calls_) call(answer);
}

}  // namespace dissectd::server
