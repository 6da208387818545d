// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/error_text.h"

#include <algorithm>
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/connection_error.h"
#include "clients/cli/terminal_text.h"
#include "google/protobuf/any.pb.h"

namespace dissectd::cli {
namespace {

constexpr char kFilterReason[] = "DISPLAY_FILTER_INVALID";
constexpr char kFilterKey[] = "filter";

constexpr absl::string_view kOwnToken =
    "\nGive yours with --token-file=FILE or the variable DISSECTD_TOKEN.";

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";

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

std::string MarkedFilter(const v1::Failure& failure) {
  const auto filter = failure.metadata().find(kFilterKey);
  if (filter == failure.metadata().end() || !failure.has_span()) return "";
  return MarkedText(filter->second, failure.span());
}

// Returns the number of columns by which tshark indents for a text: one for
// each byte, also for a byte that U+FFFD replaces.
size_t WidthOf(absl::string_view text) {
  constexpr absl::string_view kReplacement = "\xef\xbf\xbd";
  size_t width = text.size();
  for (size_t at = text.find(kReplacement); at != absl::string_view::npos;
       at = text.find(kReplacement, at + kReplacement.size())) {
    width -= kReplacement.size() - 1;
  }
  return width;
}

}  // namespace

void SetProgramName(const char* name) { program_name = name; }

void PrintError(absl::string_view message) {
  std::fprintf(stderr, "%s: %s\n", program_name,
               Printable(message, LineBreaks::kKeep).c_str());
}

v1::Failure FailureOf(const grpc::Status& status) {
  v1::Failure failure;
  v1::StatusDetails details;
  if (!details.ParseFromString(status.error_details())) return failure;
  failure.set_message(details.message());
  for (const google::protobuf::Any& any : details.details()) {
    v1::ErrorInfo info;
    v1::InvalidText text;
    if (any.type_url() == kErrorInfoUrl) {
      info.ParseFromString(any.value());
      failure.set_reason(info.reason());
      *failure.mutable_metadata() = info.metadata();
    } else if (any.UnpackTo(&text)) {
      *failure.mutable_span() = text.span();
    }
  }
  return failure;
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

std::string MarkedText(absl::string_view text, const v1::TextSpan& span) {
  const size_t start = std::min<size_t>(span.start(), text.size());
  const size_t length = WidthOf(text.substr(start, span.length()));
  return absl::StrCat("\n    ", text, "\n    ",
                      std::string(WidthOf(text.substr(0, start)), ' '), "^",
                      std::string(length > 1 ? length - 1 : 0, '~'));
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
