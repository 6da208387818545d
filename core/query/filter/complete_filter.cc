// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/complete_filter.h"

#include <algorithm>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/query/filter/completions.h"
#include "core/query/filter/filter_cursor.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/filter.schema.h"

namespace dissectd::engine {
namespace {

constexpr uint32_t kDefaultLimit = 50;
constexpr uint32_t kMaxLimit = 1000;

using Response = protozero::pbf_builder<schema::CompleteFilterResponse>;

struct Request {
  std::string filter;
  uint32_t cursor = 0;
  uint32_t limit = 0;
};

absl::StatusOr<Request> ReadRequest(absl::string_view bytes) {
  Request request;
  TextOrBytes filter;
  RETURN_IF_ERROR(ReadRequestFields<schema::CompleteFilterRequest>(
      "CompleteFilterRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::CompleteFilterRequest::kFilter:
            filter.ReadText(message);
            break;
          case schema::CompleteFilterRequest::kRawFilter:
            filter.ReadBytes(message);
            break;
          case schema::CompleteFilterRequest::kCursor:
            request.cursor = message->get_uint32();
            break;
          case schema::CompleteFilterRequest::kLimit:
            request.limit = message->get_uint32();
            break;
          default:
            message->skip();
        }
      }));
  request.filter = filter.value();
  return request;
}

bool IsWithinCharacter(const std::string& text, size_t position) {
  return position < text.size() &&
         (static_cast<unsigned char>(text[position]) & 0xc0) == 0x80;
}

absl::Status CheckCursor(const Request& request) {
  if (request.cursor <= request.filter.size() &&
      !IsWithinCharacter(request.filter, request.cursor)) {
    return absl::OkStatus();
  }
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("The cursor is at byte ", request.cursor,
                   ", which is not between two characters of the filter."),
      {"CURSOR_INVALID", {{"cursor", absl::StrCat(request.cursor)}}, {}});
}

void AddItem(const Completion& completion, Response* response) {
  protozero::pbf_builder<schema::CompletionItem> out(
      *response, schema::CompleteFilterResponse::kItems);
  out.add_string(schema::CompletionItem::kInsertText, completion.insert_text);
  out.add_string(schema::CompletionItem::kLabel, completion.label);
  out.add_string(schema::CompletionItem::kDescription, completion.description);
  out.add_enum(schema::CompletionItem::kKind,
               static_cast<int32_t>(completion.kind));
  if (completion.type != 0) {
    out.add_enum(schema::CompletionItem::kType, completion.type);
  }
}

std::string Serialize(const TextSpan& replace, const Completions& found) {
  std::string message;
  Response response(message);
  {
    protozero::pbf_builder<schema::TextSpan> span(
        response, schema::CompleteFilterResponse::kReplace);
    span.add_uint32(schema::TextSpan::kStart, replace.start);
    span.add_uint32(schema::TextSpan::kLength, replace.length);
  }
  for (const Completion& item : found.items) AddItem(item, &response);
  response.add_bool(schema::CompleteFilterResponse::kTruncated,
                    found.truncated);
  return message;
}

}  // namespace

absl::Status CompleteFilter(const QueryContext&, absl::string_view bytes,
                            SendResponse send) {
  ASSIGN_OR_RETURN(const Request request, ReadRequest(bytes));
  RETURN_IF_ERROR(CheckCursor(request));
  const uint32_t limit =
      request.limit == 0 ? kDefaultLimit : std::min(request.limit, kMaxLimit);
  const FilterCursor cursor = FindFilterCursor(request.filter, request.cursor);
  return send(Serialize(cursor.replace, CompletionsAt(cursor, limit)));
}

}  // namespace dissectd::engine
