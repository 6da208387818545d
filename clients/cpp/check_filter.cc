// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/check_filter.h"

#include "clients/cpp/call.h"
#include "clients/cpp/failure.h"
#include "dissectd/v1/filter.grpc.pb.h"

namespace dissectd {

using v1::FilterService;

absl::Status CheckFilter(const std::shared_ptr<grpc::Channel>& channel,
                         const std::string& filter) {
  v1::CompileFilterRequest request;
  request.set_filter(filter);
  const auto compiled = Call<FilterService>(
      channel, &FilterService::Stub::CompileFilter, request);
  if (!compiled.ok()) return compiled.status();
  if (compiled->valid()) return absl::OkStatus();
  v1::Failure failure;
  failure.set_reason("DISPLAY_FILTER_INVALID");
  (*failure.mutable_metadata())["filter"] = compiled->expanded_filter();
  // A filter that isn't valid has one error.
  for (const v1::FilterDiagnostic& diagnostic : compiled->diagnostics()) {
    failure.set_message(diagnostic.message());
    if (diagnostic.has_span()) *failure.mutable_span() = diagnostic.span();
  }
  return StatusOf(absl::StatusCode::kInvalidArgument, failure);
}

}  // namespace dissectd
