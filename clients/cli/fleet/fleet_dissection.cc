// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/fleet/fleet_dissection.h"

#include <csignal>
#include <cstdio>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "clients/cli/capture_text.h"
#include "clients/cli/dissect_request.h"
#include "clients/cli/error_text.h"
#include "clients/cli/fleet/fleet_call.h"
#include "clients/cli/fleet/merged_frames.h"
#include "clients/cli/interrupt_handler.h"
#include "clients/cli/interruption.h"
#include "clients/cli/terminal_text.h"
#include "clients/cpp/failure.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {
namespace {

constexpr char kAllNodes[] = "nodes/-";

// Reads the messages of a call until it ends, or its output can't be written.
class FleetReader {
 public:
  explicit FleetReader(MergedFrames* frames) : frames_(frames) {}

  ExitCode Read(const std::shared_ptr<grpc::Channel>& channel,
                const v1::DissectNodesRequest& request) {
    const grpc::Status status = CallFleet(
        channel, &v1::FleetService::Stub::DissectNodes, request,
        [this](const v1::DissectNodesResponse& message) { Take(message); });
    if (output_.ok()) {
      return FirstFailure(ReportFleetStatus(status), frames_->code());
    }
    // A reader that has gone has got what it wanted.
    if (!absl::IsAborted(output_)) PrintError(output_.message());
    return kExitOutput;
  }

 private:
  void Take(const v1::DissectNodesResponse& message) {
    if (!output_.ok()) return;
    output_ = frames_->Take(message);
    if (!output_.ok()) Interrupt();
  }

  MergedFrames* const frames_;
  absl::Status output_;
};

// Adds how to dissect to a request.
ExitCode SetView(const std::shared_ptr<grpc::Channel>& channel,
                 PrintOptions* print, v1::DissectNodesRequest* request) {
  const ExitCode attached = AttachFiles(channel, print->missing_keys(),
                                        &print->dissection, &print->attached);
  if (attached != kExitOk) return attached;
  v1::DissectRequest dissect = MakeDissectRequest(*print);
  request->mutable_view()->Swap(dissect.mutable_view());
  request->mutable_dissection_options()->Swap(dissect.mutable_options());
  return kExitOk;
}

void PrintTotals(const MergedFrames& frames) {
  std::fputs(PacketCountLine(frames.frames()).c_str(), stderr);
  if (frames.late_frames() == 0) return;
  std::fprintf(stderr, "%llu of them came too late for their place\n",
               static_cast<unsigned long long>(frames.late_frames()));
}

ExitCode Dissect(const std::shared_ptr<grpc::Channel>& channel,
                 const FleetOptions& options, v1::DissectNodesRequest request) {
  // Without SIGPIPE, a reader that goes away makes write fail, so that the
  // captures are still stopped.
  std::signal(SIGPIPE, SIG_IGN);
  PrintOptions print = options.print;
  const ExitCode code = SetView(channel, &print, &request);
  if (code != kExitOk) return code;
  const InterruptHandler handler(Interrupt);
  MergedFrames frames(print);
  const ExitCode outcome = FleetReader(&frames).Read(channel, request);
  if (!options.very_quiet && frames.began()) PrintTotals(frames);
  return outcome;
}

// Starts captures that stay, and prints their names.
ExitCode Detach(const std::shared_ptr<grpc::Channel>& channel,
                const FleetOptions& options) {
  v1::CreateNodeCapturesRequest request;
  AddNames(options.nodes, request.mutable_nodes());
  if (request.nodes().empty()) request.add_nodes(kAllNodes);
  *request.mutable_options() = options.capture;
  ExitCode code = kExitOk;
  const grpc::Status status = CallFleet(
      channel, &v1::FleetService::Stub::CreateNodeCaptures, request,
      [&](const v1::CreateNodeCapturesResponse& response) {
        if (response.has_failure()) {
          code = FirstFailure(
              code, ReportNodeFailure(response.node(), response.failure()));
          return;
        }
        std::printf("%s\n", Printable(NodeText(response.capture().name()),
                                      LineBreaks::kEscape)
                                .c_str());
      });
  return FirstFailure(ReportFleetStatus(status), code);
}

}  // namespace

ExitCode RunFleetCapture(const std::shared_ptr<grpc::Channel>& channel,
                         const FleetOptions& options) {
  if (options.detach) return Detach(channel, options);
  v1::DissectNodesRequest request = options.merging;
  AddNames(options.nodes, request.mutable_nodes());
  *request.mutable_options() = options.capture;
  return Dissect(channel, options, std::move(request));
}

ExitCode RunFleetDissect(const std::shared_ptr<grpc::Channel>& channel,
                         const FleetOptions& options) {
  v1::DissectNodesRequest request = options.merging;
  AddNames(options.captures, request.mutable_captures()->mutable_names());
  return Dissect(channel, options, std::move(request));
}

}  // namespace dissectd::cli
