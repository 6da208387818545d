// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/analysis_names.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "clients/cli/error_text.h"
#include "dissectd/v1/analysis.grpc.pb.h"
#include "grpcpp/client_context.h"

namespace dissectd::cli {

void PrintRightAnalysisNames(const std::shared_ptr<grpc::Channel>& channel,
                             absl::string_view reason) {
  const bool about_followers = reason == "FOLLOWER_UNKNOWN";
  if (!about_followers && reason != "OBJECT_TYPE_UNKNOWN") return;
  grpc::ClientContext context;
  v1::ListReportsResponse lists;
  const grpc::Status status =
      v1::AnalysisService::NewStub(channel)->ListReports(
          &context, v1::ListReportsRequest(), &lists);
  if (!status.ok()) return;
  PrintError(absl::StrCat(
      "There are: ",
      absl::StrJoin(about_followers ? lists.followers() : lists.object_types(),
                    ", ")));
}

}  // namespace dissectd::cli
