// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/capture_filter_error.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "clients/cli/error_text.h"
#include "dissectd/v1/filter.grpc.pb.h"

namespace dissectd::cli {
namespace {

constexpr char kFilterReason[] = "CAPTURE_FILTER_INVALID";
// What the daemon puts in front of libpcap's message.
constexpr absl::string_view kMessageHead =
    "The capture filter doesn't compile: ";

bool IsDisplayFilter(const std::shared_ptr<grpc::Channel>& channel,
                     const std::string& filter) {
  v1::CompileFilterRequest request;
  request.set_filter(filter);
  grpc::ClientContext context;
  v1::CompileFilterResponse response;
  return v1::FilterService::NewStub(channel)
             ->CompileFilter(&context, request, &response)
             .ok() &&
         response.valid();
}

}  // namespace

bool IsCaptureFilterError(const grpc::Status& status) {
  return FailureOf(status).reason() == kFilterReason;
}

std::string CaptureFilterErrorText(
    const std::shared_ptr<grpc::Channel>& channel, const grpc::Status& status,
    const std::string& filter, const std::string& interface) {
  const std::string message = status.error_message();
  absl::string_view why = message;
  absl::ConsumePrefix(&why, kMessageHead);
  const std::string head =
      absl::StrCat("Invalid capture filter \"", filter, "\" for interface '",
                   interface, "'.\n\n");
  constexpr absl::string_view kManual =
      "See the User's Guide for a description of the capture filter syntax.";
  if (!IsDisplayFilter(channel, filter)) {
    return absl::StrCat(head, "That string isn't a valid capture filter (", why,
                        ").\n", kManual);
  }
  return absl::StrCat(
      head,
      "That string looks like a valid display filter; however, it isn't a "
      "valid\ncapture filter (",
      why,
      ").\n\nNote that display filters and capture filters don't have the same "
      "syntax,\nso you can't use most display filter expressions as capture "
      "filters.\n\n",
      kManual);
}

}  // namespace dissectd::cli
