// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_exit_code.h"

#include <string>

#include "clients/cli/error_text.h"
#include "clients/cli/format/tshark_release.h"
#include "clients/cpp/failure.h"
#include "dissectd/v1/server.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {
namespace {

constexpr char kFilterReason[] = "DISPLAY_FILTER_INVALID";

// A daemon that can't say what its engine is counts as one of the first
// release.
const TsharkRelease& ReleaseOfEngine(
    const std::shared_ptr<grpc::Channel>& channel) {
  grpc::ClientContext context;
  v1::GetServerInfoResponse info;
  const grpc::Status status =
      v1::ServerService::NewStub(channel)->GetServerInfo(
          &context, v1::GetServerInfoRequest(), &info);
  // The engine that the user has chosen is the first one.
  return TsharkReleaseOf(status.ok() && info.engines_size() > 0
                             ? info.engines(0).wireshark_version()
                             : std::string());
}

}  // namespace

ExitCode CaptureExitCodeOf(const std::shared_ptr<grpc::Channel>& channel,
                           const grpc::Status& status) {
  const ExitCode code = ExitCodeOf(status);
  if (code != kExitBadInput) return code;
  if (FailureOf(status).reason() != kFilterReason) {
    return UnreadableCaptureExitCode(channel);
  }
  return static_cast<ExitCode>(ReleaseOfEngine(channel).wrong_filter_status);
}

ExitCode UnreadableCaptureExitCode(
    const std::shared_ptr<grpc::Channel>& channel) {
  return static_cast<ExitCode>(
      ReleaseOfEngine(channel).unreadable_capture_status);
}

}  // namespace dissectd::cli
