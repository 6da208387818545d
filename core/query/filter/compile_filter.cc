// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/filter/compile_filter.h"

#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/base/wire_bool.h"
#include "core/epan/display_filter.h"
#include "core/epan/filter_inspection.h"
#include "core/epan/public_numbers.h"
#include "core/epan/registry.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/filter.schema.h"

namespace dissectd::engine {
namespace {

using Response = protozero::pbf_builder<schema::CompileFilterResponse>;

struct Request {
  std::string filter;
  bool with_byte_code = false;
};

absl::StatusOr<Request> ReadRequest(absl::string_view bytes) {
  Request request;
  TextOrBytes filter;
  RETURN_IF_ERROR(ReadRequestFields<schema::CompileFilterRequest>(
      "CompileFilterRequest", bytes, [&](auto* message) {
        switch (message->tag()) {
          case schema::CompileFilterRequest::kFilter:
            filter.ReadText(message);
            break;
          case schema::CompileFilterRequest::kRawFilter:
            filter.ReadBytes(message);
            break;
          case schema::CompileFilterRequest::kWithByteCode:
            request.with_byte_code = GetBool(message);
            break;
          default:
            message->skip();
        }
      }));
  request.filter = filter.value();
  return request;
}

void AddProblem(const DisplayFilterProblem& problem, Response* response) {
  protozero::pbf_builder<schema::FilterDiagnostic> out(
      *response, schema::CompileFilterResponse::kDiagnostics);
  out.add_enum(schema::FilterDiagnostic::kSeverity,
               static_cast<int32_t>(schema::FilterSeverity::kError));
  out.add_string(schema::FilterDiagnostic::kMessage,
                 MakeValidUtf8(problem.message));
  if (!problem.span.has_value()) return;
  protozero::pbf_builder<schema::TextSpan> span(
      out, schema::FilterDiagnostic::kSpan);
  span.add_uint32(schema::TextSpan::kStart, problem.span->start);
  span.add_uint32(schema::TextSpan::kLength, problem.span->length);
}

// libwireshark reports a deprecated operator by a sentence, but a deprecated
// field only by its name.
std::string WarningOf(const std::string& deprecated) {
  const header_field_info* current =
      proto_registrar_get_byalias(deprecated.c_str());
  if (current == nullptr) return deprecated;
  return absl::StrCat("\"", deprecated, "\" is deprecated, use \"",
                      current->abbrev, "\" instead.");
}

void AddWarning(const std::string& deprecated, Response* response) {
  protozero::pbf_builder<schema::FilterDiagnostic> out(
      *response, schema::CompileFilterResponse::kDiagnostics);
  out.add_enum(schema::FilterDiagnostic::kSeverity,
               static_cast<int32_t>(schema::FilterSeverity::kWarning));
  out.add_string(schema::FilterDiagnostic::kMessage,
                 MakeValidUtf8(WarningOf(deprecated)));
}

void AddField(const header_field_info& field, Response* response) {
  protozero::pbf_builder<schema::Field> out(
      *response, schema::CompileFilterResponse::kFields);
  out.add_string(schema::Field::kName, field.abbrev);
  out.add_string(schema::Field::kDisplayName, MakeValidUtf8(field.name));
  out.add_enum(schema::Field::kType, PublicFieldType(field.type));
  out.add_string(schema::Field::kProtocol, ProtocolOfField(field));
}

void AddCompiled(const Request& request, dfilter_t* filter, Epan* epan,
                 Response* response) {
  for (const std::string& deprecated : DeprecatedInFilter(filter)) {
    AddWarning(deprecated, response);
  }
  for (const header_field_info* field : FieldsOfFilter(filter, epan)) {
    AddField(*field, response);
  }
  if (request.with_byte_code) {
    response->add_string(schema::CompileFilterResponse::kByteCode,
                         MakeValidUtf8(ByteCodeOf(filter)));
  }
}

}  // namespace

absl::Status CompileFilter(const QueryContext& context, absl::string_view bytes,
                           SendResponse send) {
  ASSIGN_OR_RETURN(const Request request, ReadRequest(bytes));
  const DisplayFilterResult result = TryDisplayFilter(request.filter);
  std::string message;
  Response response(message);
  response.add_bool(schema::CompileFilterResponse::kValid,
                    !result.problem.has_value());
  response.add_string(schema::CompileFilterResponse::kExpandedFilter,
                      MakeValidUtf8(result.expanded));
  if (result.problem.has_value()) AddProblem(*result.problem, &response);
  if (result.filter != nullptr) {
    AddCompiled(request, result.filter.get(), context.epan, &response);
  }
  return send(message);
}

}  // namespace dissectd::engine
