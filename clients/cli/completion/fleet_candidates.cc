// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/completion/fleet_candidates.h"

#include <chrono>
#include <map>
#include <string>

#include "clients/cli/completion/daemon_call.h"
#include "clients/cli/fleet/fleet_call.h"
#include "clients/cli/interface_list.h"
#include "dissectd/v1/fleet.grpc.pb.h"

namespace dissectd::cli {
namespace {

using Stub = v1::FleetService::Stub;

// Calls a method about all nodes, and `take` with the answers that come in
// time.
template <typename Request, typename Response, typename Take>
void AskFleet(const std::shared_ptr<grpc::Channel>& channel,
              std::unique_ptr<grpc::ClientReader<Response>> (Stub::*method)(
                  grpc::ClientContext*, const Request&),
              Take take) {
  CallFleet(channel, method, Request(), take,
            std::chrono::system_clock::now() + CompletionPatience())
      .IgnoreError();
}

Candidates Nodes(const std::shared_ptr<grpc::Channel>& channel) {
  Candidates found;
  AskFleet(
      channel, &Stub::ListNodes, [&](const v1::ListNodesResponse& response) {
        found.Add(NodeText(response.node().name()), response.node().address());
      });
  return found;
}

Candidates NodeCaptures(const std::shared_ptr<grpc::Channel>& channel) {
  Candidates found;
  AskFleet(channel, &Stub::ListNodeCaptures,
           [&](const v1::ListNodeCapturesResponse& response) {
             for (const v1::NodeCapture& capture : response.captures()) {
               found.Add(NodeText(capture.name()));
             }
           });
  return found;
}

// The interfaces of all nodes, each once.
Candidates NodeInterfaces(const std::shared_ptr<grpc::Channel>& channel) {
  std::map<std::string, std::string> interfaces;
  AskFleet(channel, &Stub::ListNodeInterfaces,
           [&](const v1::ListNodeInterfacesResponse& response) {
             for (const v1::Interface& interface : response.interfaces()) {
               interfaces[interface.name()] = DescriptionOf(interface);
             }
           });
  Candidates found;
  for (const auto& [name, description] : interfaces) {
    found.Add(name, description);
  }
  return found;
}

}  // namespace

Candidates FleetCandidates(const std::shared_ptr<grpc::Channel>& channel,
                           ValueSource source) {
  switch (source) {
    case ValueSource::kNodes:
      return Nodes(channel);
    case ValueSource::kNodeCaptures:
      return NodeCaptures(channel);
    case ValueSource::kNodeInterfaces:
      return NodeInterfaces(channel);
    default:
      return {};
  }
}

}  // namespace dissectd::cli
