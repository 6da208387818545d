// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/capture/pending_capture.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/errors.h"
#include "server/base/resource_names.h"
#include "server/capture/capture_folder.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {

void PendingCapture::Start(
    absl::AnyInvocable<void(const absl::Status&)> started) {
  deps_.loop->AssertOnLoop();
  started_ = std::move(started);
  deps_.loop->CallOn(
      deps_.disk,
      [this] {
        absl::Status made = deps_.check_room();
        if (made.ok()) made = MakeCaptureFolder(deps_.root, id_);
        return made;
      },
      [self = shared_from_this()](const absl::Status& made) {
        if (!made.ok()) return self->Finish(made);
        self->SetChannels(0);
      });
}

void PendingCapture::SetChannels(int index) {
  const v1::CaptureOptions& options = capture_->description().options();
  while (index < options.interfaces_size() &&
         !options.interfaces(index).has_wifi_channel()) {
    ++index;
  }
  if (index == options.interfaces_size()) return PrepareExtcap(0);
  // What creates a capture goes on if its caller goes.
  deps_.dumpcap->Query(WifiChannelArguments(options.interfaces(index)), {},
                       [self = shared_from_this(),
                        index](const absl::StatusOr<std::string>& answer) {
                         if (!answer.ok()) return self->Finish(answer.status());
                         self->SetChannels(index + 1);
                       });
}

void PendingCapture::PrepareExtcap(int index) {
  const v1::CaptureOptions& options = capture_->description().options();
  while (index < options.interfaces_size() &&
         (options.interfaces(index).from_client() ||
          !deps_.extcap->Allows(options.interfaces(index).name()))) {
    ++index;
  }
  if (index == options.interfaces_size()) return PrepareKeeper();
  deps_.extcap->Prepare(
      options.interfaces(index),
      [self = shared_from_this(), index](absl::StatusOr<ExtcapSource> source) {
        if (!source.ok()) return self->Finish(source.status());
        self->inputs_.push_back({index, source->description});
        self->capture_->HideExtcapArguments(index, source->secrets);
        self->sources_.push_back(*std::move(source));
        self->PrepareExtcap(index + 1);
      });
}

bool PendingCapture::ReadsOnlyPipes() const {
  const v1::CaptureOptions& options = capture_->description().options();
  const size_t clients = ClientInterface(options) == nullptr ? 0 : 1;
  return clients + inputs_.size() ==
         static_cast<size_t>(options.interfaces_size());
}

// Packets from a client or an extcap program end with the daemon, through which
// or by which they come.
void PendingCapture::PrepareKeeper() {
  if (deps_.keeping.patience.count() == 0 || !inputs_.empty() ||
      ClientInterface(capture_->description().options()) != nullptr) {
    return StartDumpcap();
  }
  deps_.loop->CallOn(
      deps_.disk, [this] { return MakeKeeperFiles(deps_.root, id_); },
      [self = shared_from_this()](absl::StatusOr<KeeperFiles> files) {
        if (!files.ok()) {
          spdlog::warn("captures/{} will end with the daemon: {}", self->id_,
                       std::string(files.status().message()));
          return self->StartDumpcap();
        }
        self->capture_->KeepBy(
            {self->deps_.keeping.program, self->deps_.keeping.patience,
             *std::move(files), ""},
            self->notes_);
        self->StartDumpcap();
      });
}

void PendingCapture::StartDumpcap() {
  deps_.loop->AssertOnLoop();
  const v1::CaptureOptions& options = capture_->description().options();
  const std::string path = absl::StrCat(deps_.store, "/", kCapturesFolder, "/",
                                        id_, "/", CaptureFileName(options));
  deps_.dumpcap->Prepare(
      CaptureArguments(options, deps_.comments, inputs_, path),
      [self = shared_from_this()](const absl::StatusOr<Command>& command) {
        if (!command.ok()) return self->Finish(command.status());
        if (self->cancelled_) return self->Finish(errors::ServerStopping());
        Command start = *command;
        // The bytes that such a dumpcap reads are hostile.
        start.unprivileged = self->ReadsOnlyPipes();
        self->capture_->Start(
            start, self->sources_,
            [self](const absl::Status& status) { self->Finish(status); });
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
