// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/fleet/fleet_call.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/error_text.h"
#include "clients/cpp/failure.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kNodes = "nodes/";
constexpr char kFilterReason[] = "DISPLAY_FILTER_INVALID";

}  // namespace

ExitCode ReportFleetStatus(const grpc::Status& status) {
  if (WasInterrupted() && status.error_code() == grpc::StatusCode::CANCELLED) {
    return kExitOk;
  }
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    PrintError(
        "The server isn't dissectd-fleet.\n"
        "Name the fleet's address with --server=HOST:PORT or the variable "
        "DISSECTD_SERVER.");
    return kExitServer;
  }
  return ReportStatus(status);
}

ExitCode ReportNodeFailure(absl::string_view node, const v1::Failure& failure) {
  PrintError(absl::StrCat(NodeText(node), ": ", failure.message(),
                          MarkedFilter(failure)));
  return failure.reason() == kFilterReason ? kExitBadInput : kExitServer;
}

std::string NodeText(absl::string_view name) {
  absl::ConsumePrefix(&name, kNodes);
  return std::string(name);
}

void AddNames(const std::vector<std::string>& given,
              google::protobuf::RepeatedPtrField<std::string>* names) {
  for (const std::string& name : given) {
    *names->Add() =
        absl::StartsWith(name, kNodes) ? name : absl::StrCat(kNodes, name);
  }
}

}  // namespace dissectd::cli
