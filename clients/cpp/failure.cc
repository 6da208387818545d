// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/failure.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "google/protobuf/any.pb.h"

namespace dissectd {
namespace {

constexpr char kFilterKey[] = "filter";
constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kFailureUrl[] = "type.googleapis.com/dissectd.v1.Failure";

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

absl::Status StatusOf(const grpc::Status& status) {
  // The codes of both have the same numbers.
  v1::Failure failure = FailureOf(status);
  failure.set_message(status.error_message());
  return StatusOf(static_cast<absl::StatusCode>(status.error_code()), failure);
}

absl::Status StatusOf(absl::StatusCode code, const v1::Failure& failure) {
  absl::Status result(code, failure.message());
  if (!result.ok() && !failure.reason().empty()) {
    result.SetPayload(kFailureUrl, absl::Cord(failure.SerializeAsString()));
  }
  return result;
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

v1::Failure FailureOf(const absl::Status& status) {
  v1::Failure failure;
  const absl::optional<absl::Cord> payload = status.GetPayload(kFailureUrl);
  if (payload.has_value()) failure.ParseFromString(std::string(*payload));
  return failure;
}

std::string ErrorText(const absl::Status& status) {
  return absl::StrCat(status.message(), MarkedFilter(FailureOf(status)));
}

std::string MarkedFilter(const v1::Failure& failure) {
  const auto filter = failure.metadata().find(kFilterKey);
  if (filter == failure.metadata().end() || !failure.has_span()) return "";
  return MarkedText(filter->second, failure.span());
}

std::string MarkedText(absl::string_view text, const v1::TextSpan& span) {
  const size_t start = std::min<size_t>(span.start(), text.size());
  const size_t length = WidthOf(text.substr(start, span.length()));
  return absl::StrCat("\n    ", text, "\n    ",
                      std::string(WidthOf(text.substr(0, start)), ' '), "^",
                      std::string(length > 1 ? length - 1 : 0, '~'));
}

}  // namespace dissectd
