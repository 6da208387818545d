// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/session.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/encode/stream_encoder.h"
#include "core/epan/capture_file.h"
#include "core/request/dissect_request.h"
#include "core/session/crash_reporter.h"
#include "core/session/dissection.h"
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

absl::Status Serve(SessionChannel* channel, const SessionFds& fds,
                   const SessionPolicy& policy) {
  RETURN_IF_ERROR(CrashReporter::Install(fds.status_page));
  ASSIGN_OR_RETURN(const std::string name,
                   ReceiveKind(channel, ipc::FrameKind::kCaptureName));
  ASSIGN_OR_RETURN(const std::string bytes,
                   ReceiveKind(channel, ipc::FrameKind::kDissect));
  ASSIGN_OR_RETURN(const DissectRequest request, ParseDissectRequest(bytes));
  RETURN_IF_ERROR(ApplySettings(request, policy));
  ASSIGN_OR_RETURN(
      const std::unique_ptr<StreamEncoder> encoder,
      StreamEncoder::Create(
          request, [channel](absl::Span<const absl::string_view> pieces) {
            return channel->Send(ipc::FrameKind::kMessage, pieces);
          }));
  ASSIGN_OR_RETURN(
      CaptureFile file,
      CaptureFile::Open(fds.capture, name, request.options.two_pass));
  ASSIGN_OR_RETURN(const std::unique_ptr<Dissection> dissection,
                   Dissection::Create(request, std::move(file), policy.lanes,
                                      encoder.get()));
  return dissection->Run();
}

}  // namespace

int RunSession(const SessionFds& fds, const SessionPolicy& policy) {
  SessionChannel channel(fds.channel);
  const absl::Status status = Serve(&channel, fds, policy);
  if (absl::IsCancelled(status)) return 0;
  if (absl::IsInternal(status)) {
    spdlog::error("session: {}", std::string(status.message()));
  }
  const absl::Status sent =
      channel.Send(ipc::FrameKind::kStatus, {SerializeStatus(status)});
  return sent.ok() || absl::IsCancelled(sent) ? 0 : 1;
}

}  // namespace dissectd
