// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/policy/role_filters.h"

#include <asio/io_context.hpp>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "dissectd/v1/capture.pb.h"
#include "server/capture_filter/filter_compiler.h"
#include "server/metrics/events.h"
#include "server/process/command_runner.h"
#include "spdlog/spdlog.h"

namespace dissectd::server {
namespace {

// Ethernet comes first, as its messages are the most likely to help. The others
// have words of their own, or none of Ethernet's.
constexpr const char* kLinkTypes[] = {
    "EN10MB", "RAW",    "LINUX_SLL", "IEEE802_11_RADIO",
    "PPP",    "SUNATM", "MTP2",      "PFLOG"};

// Waits for the compiler's answer. Errors: those of FilterCompiler.
absl::StatusOr<v1::CompileCaptureFilterResponse> Compile(
    const std::string& filter, const char* link_type,
    const std::string& compiler) {
  asio::io_context context;
  CommandRunner runner(&context, 1);
  v1::CompileCaptureFilterRequest request;
  request.set_filter(filter);
  v1::CompileCaptureFilterResponse response;
  absl::Status end = absl::InternalError("the compiler has no answer");
  FilterCompiler(&runner, compiler)
      .CompileFor({}, link_type, request, &response,
                  [&end](const absl::Status& status) { end = status; });
  context.run();
  RETURN_IF_ERROR(end);
  return response;
}

// Returns why no packets can be captured with a filter; empty if they can.
// Errors: those of FilterCompiler.
absl::StatusOr<std::string> WhyNoFilter(const std::string& filter,
                                        const std::string& compiler) {
  std::string why;
  for (const char* link_type : kLinkTypes) {
    ASSIGN_OR_RETURN(const v1::CompileCaptureFilterResponse answer,
                     Compile(filter, link_type, compiler));
    if (answer.valid()) return "";
    if (why.empty()) why = answer.message();
  }
  return why;
}

}  // namespace

absl::Status CheckCaptureFilters(const Policy& policy,
                                 const std::string& compiler) {
  for (const Role& role : policy.roles()) {
    if (role.capture_filter.empty()) continue;
    const std::string place = absl::StrCat(
        "roles.", role.name, ".capture_filter \"", role.capture_filter, "\"");
    absl::StatusOr<std::string> why =
        WhyNoFilter(role.capture_filter, compiler);
    if (!why.ok() && absl::IsInvalidArgument(why.status())) {
      why = std::string(why.status().message());
    }
    if (!why.ok()) {
      metrics::Count(metrics::Event::kRoleFilterNotChecked);
      spdlog::warn("can't check {}: {}", place,
                   std::string(why.status().message()));
    } else if (!why->empty()) {
      return absl::InvalidArgumentError(
          absl::StrCat(place, " isn't a capture filter: ", *why));
    }
  }
  return absl::OkStatus();
}

}  // namespace dissectd::server
