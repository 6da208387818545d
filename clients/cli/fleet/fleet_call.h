// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FLEET_FLEET_CALL_H_
#define CLIENTS_CLI_FLEET_FLEET_CALL_H_

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "clients/cli/exit_codes.h"
#include "clients/cli/interruption.h"
#include "dissectd/v1/common.pb.h"
#include "dissectd/v1/fleet.grpc.pb.h"
#include "google/protobuf/repeated_ptr_field.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"

namespace dissectd::cli {

// Calls a method of FleetService, and `take` with each answer until the
// deadline. Ends the call with CANCELLED if the command is interrupted.
template <typename Request, typename Response, typename Take>
grpc::Status CallFleet(
    const std::shared_ptr<grpc::Channel>& channel,
    std::unique_ptr<grpc::ClientReader<Response>> (
        v1::FleetService::Stub::*method)(grpc::ClientContext*, const Request&),
    const Request& request, Take take,
    std::chrono::system_clock::time_point deadline =
        std::chrono::system_clock::time_point::max()) {
  grpc::ClientContext context;
  context.set_deadline(deadline);
  const OnInterrupt cancel([&context] { context.TryCancel(); });
  const auto stub = v1::FleetService::NewStub(channel);
  const auto reader = (stub.get()->*method)(&context, request);
  Response response;
  while (reader->Read(&response)) take(response);
  return reader->Finish();
}

// Prints the message about a call if it failed, also if the server is no fleet,
// and returns its exit code. Calls that were interrupted haven't failed.
ExitCode ReportFleetStatus(const grpc::Status& status);

// Prints what a node couldn't do. Returns the exit code.
ExitCode ReportNodeFailure(absl::string_view node, const v1::Failure& failure);

// Returns the first code that isn't kExitOk.
inline ExitCode FirstFailure(ExitCode first, ExitCode second) {
  return first == kExitOk ? second : first;
}

// Returns a node as users name it, without `nodes/`.
std::string NodeText(absl::string_view name);

// Adds the names of resources that users may give without `nodes/` in front.
void AddNames(const std::vector<std::string>& given,
              google::protobuf::RepeatedPtrField<std::string>* names);

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FLEET_FLEET_CALL_H_
