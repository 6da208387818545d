// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/session.h"

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/encode/protocol_counter.h"
#include "core/encode/stream_encoder.h"
#include "core/epan/capture_file.h"
#include "core/request/dissect_request.h"
#include "core/session/crash_reporter.h"
#include "core/session/dissection.h"
#include "core/session/live_source.h"
#include "core/session/session_channel.h"
#include "spdlog/spdlog.h"

namespace dissectd {
namespace {

absl::StatusOr<std::string> ReceiveKind(SessionChannel* channel,
                                        ipc::FrameKind kind) {
  ASSIGN_OR_RETURN(SessionChannel::Frame frame, channel->Receive());
  if (frame.kind != kind) {
    return absl::InternalError("an unexpected frame came from dissectd");
  }
  return std::move(frame.payload);
}

class Session {
 public:
  Session(const SessionFds& fds, const SessionPolicy& policy, Epan* epan)
      : fds_(fds), policy_(policy), epan_(epan), channel_(fds.channel) {}

  // Returns the exit status of the process.
  int Run();

 private:
  absl::Status Serve();
  absl::Status Dissect(const std::string& bytes);
  absl::Status CountProtocols();
  absl::Status Run(Dissection::Tools tools);

  const SessionFds fds_;
  const SessionPolicy policy_;
  Epan* const epan_;
  SessionChannel channel_;
  LiveSource live_{&channel_};
  std::string capture_name_;
  DissectRequest request_;
  // One of them, as was asked.
  std::unique_ptr<StreamEncoder> encoder_;
  std::unique_ptr<ProtocolCounter> counter_;
  std::unique_ptr<Dissection> dissection_;
};

absl::Status Session::Serve() {
  RETURN_IF_ERROR(CrashReporter::Install(fds_.status_page));
  ASSIGN_OR_RETURN(capture_name_,
                   ReceiveKind(&channel_, ipc::FrameKind::kCaptureName));
  ASSIGN_OR_RETURN(const SessionChannel::Frame frame, channel_.Receive());
  switch (frame.kind) {
    case ipc::FrameKind::kDissect:
      return Dissect(frame.payload);
    case ipc::FrameKind::kCount:
      return CountProtocols();
    default:
      return absl::InternalError("an unexpected frame came from dissectd");
  }
}

absl::Status Session::Dissect(const std::string& bytes) {
  ASSIGN_OR_RETURN(request_, ParseDissectRequest(bytes));
  if (NeedsOwnInitialisation(request_, policy_)) epan_->Close();
  RETURN_IF_ERROR(ApplySettings(request_, policy_));
  ASSIGN_OR_RETURN(
      encoder_,
      StreamEncoder::Create(
          request_, [this](absl::Span<const absl::string_view> pieces) {
            return channel_.Send(ipc::FrameKind::kMessage, pieces);
          }));
  return Run({epan_, encoder_.get(), encoder_.get(), policy_.lanes});
}

absl::Status Session::CountProtocols() {
  request_.is_live = true;
  RETURN_IF_ERROR(ApplySettings(request_, policy_));
  counter_ =
      std::make_unique<ProtocolCounter>([this](absl::string_view counts) {
        return channel_.Send(ipc::FrameKind::kMessage, {counts});
      });
  return Run({epan_, counter_.get()});
}

absl::Status Session::Run(Dissection::Tools tools) {
  ASSIGN_OR_RETURN(CaptureFile file,
                   CaptureFile::Open(fds_.capture, capture_name_,
                                     request_.options.two_pass));
  if (request_.is_live) {
    RETURN_IF_ERROR(live_.Begin());
    tools.live = &live_;
  }
  ASSIGN_OR_RETURN(dissection_,
                   Dissection::Create(request_, std::move(file), tools));
  return dissection_->Run();
}

int Session::Run() {
  const absl::Status status = Serve();
  if (absl::IsCancelled(status)) return 0;
  if (absl::IsInternal(status)) {
    spdlog::error("session: {}", std::string(status.message()));
  }
  const absl::Status sent =
      channel_.Send(ipc::FrameKind::kStatus, {SerializeStatus(status)});
  return sent.ok() || absl::IsCancelled(sent) ? 0 : 1;
}

}  // namespace

void RunSession(const SessionFds& fds, const SessionPolicy& policy,
                Epan* epan) {
  Session session(fds, policy, epan);
  // Neither exit(), as handlers and static objects belong to the host, nor the
  // destructors of the session: to give back piece by piece what the end of
  // the process frees at once takes time.
  _exit(session.Run());
}

}  // namespace dissectd
