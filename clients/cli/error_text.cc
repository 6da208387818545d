// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/error_text.h"

#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/connection_error.h"
#include "clients/cli/terminal_text.h"

namespace dissectd::cli {
namespace {

constexpr char kFilterReason[] = "DISPLAY_FILTER_INVALID";

constexpr absl::string_view kOwnToken =
    "\nGive yours with --token-file=FILE or the variable DISSECTD_TOKEN.";

// Words of the API in messages, and those of the command line.
constexpr struct {
  absl::string_view reason;
  absl::string_view in_api;
  absl::string_view here;
} kApiWords[] = {
    {"FOLLOWER_UNKNOWN", "; see ListReports", ""},
    {"OBJECT_TYPE_UNKNOWN", "; see ListReports", ""},
    {"REPORT_UNKNOWN", "; see ListReports", ""},
    {"STREAM_SELECTION_INVALID", "a sub_stream", "--sub-stream"},
};

const char* program_name = "dissectctl";

std::string WithoutApiWords(const grpc::Status& status,
                            const std::string& reason) {
  std::string text = status.error_message();
  for (const auto& words : kApiWords) {
    if (words.reason != reason) continue;
    absl::StrReplaceAll({{words.in_api, words.here}}, &text);
  }
  return text;
}

}  // namespace

void SetProgramName(const char* name) { program_name = name; }

void PrintError(absl::string_view message) {
  std::fprintf(stderr, "%s: %s\n", program_name,
               Printable(message, LineBreaks::kKeep).c_str());
}

std::string ErrorText(const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE &&
      status.error_details().empty()) {
    return ConnectionErrorText(status.error_message());
  }
  if (status.error_code() == grpc::StatusCode::UNAUTHENTICATED &&
      absl::StrContains(status.error_message(), "token")) {
    return absl::StrCat(status.error_message(), kOwnToken);
  }
  const v1::Failure failure = FailureOf(status);
  return absl::StrCat(WithoutApiWords(status, failure.reason()),
                      MarkedFilter(failure));
}

ExitCode ExitCodeOf(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::OK:
      return kExitOk;
    case grpc::StatusCode::INVALID_ARGUMENT:
      return FailureOf(status).reason() == kFilterReason ? kExitBadInput
                                                         : kExitBadOption;
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::OUT_OF_RANGE:
      return kExitBadInput;
    case grpc::StatusCode::ALREADY_EXISTS:
      return kExitOutput;
    default:
      return kExitServer;
  }
}

ExitCode ReportStatus(const grpc::Status& status) {
  if (!status.ok()) PrintError(ErrorText(status));
  return ExitCodeOf(status);
}

}  // namespace dissectd::cli
