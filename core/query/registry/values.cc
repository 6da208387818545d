// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/values.h"

#include <cstdint>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <protozero/pbf_message.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/base/wire_bool.h"
#include "core/epan/field_names.h"
#include "core/epan/field_value.h"
#include "core/epan/public_numbers.h"
#include "core/query/registry/value_message.h"
#include "core/query/registry/value_names.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {

// The field or type that a value belongs to.
struct Target {
  ftenum_t type = FT_NONE;
  // Null if only the type is known.
  const header_field_info* field = nullptr;
};

absl::Status Invalid(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {std::string(reason), {}, {}});
}

bool HasNul(const std::string& text) {
  return text.find('\0') != std::string::npos;
}

absl::Status TextHasNul() {
  return Invalid("TEXT_HAS_NUL", "A text in the request contains NUL.");
}

absl::StatusOr<Target> TargetOfField(const std::string& name) {
  if (HasNul(name)) return TextHasNul();
  const header_field_info* field =
      proto_registrar_get_byname(ResolveAlias(name).c_str());
  if (field == nullptr) {
    return MakeError(absl::StatusCode::kInvalidArgument,
                     absl::StrCat("\"", name, "\" isn't a field or protocol."),
                     {"FIELD_UNKNOWN", {{"name", name}}, {}});
  }
  return Target{field->type, field};
}

absl::StatusOr<Target> TargetOfType(int32_t type) {
  const std::optional<ftenum_t> known = FromPublicNumber(kFieldTypes, type);
  if (!known.has_value()) {
    return Invalid("FIELD_TYPE_INVALID",
                   "The request names neither a type nor a field.");
  }
  return Target{*known, nullptr};
}

template <typename Request>
absl::StatusOr<Target> ReadTarget(protozero::data_view request) {
  int32_t type = 0;
  std::string field;
  protozero::pbf_message<Request> message(request);
  while (message.next()) {
    switch (message.tag()) {
      case Request::kType:
        type = message.get_enum();
        field.clear();
        break;
      case Request::kField:
        field = message.get_string();
        break;
      default:
        message.skip();
    }
  }
  return field.empty() ? TargetOfType(type) : TargetOfField(field);
}

struct ParseRequest {
  std::string text;
  bool allow_partial = false;
};

ParseRequest ReadParseRequest(protozero::data_view bytes) {
  ParseRequest request;
  std::string text;
  std::string raw_text;
  protozero::pbf_message<schema::ParseValueRequest> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::ParseValueRequest::kText:
        text = message.get_string();
        break;
      case schema::ParseValueRequest::kRawText:
        raw_text = message.get_bytes();
        break;
      case schema::ParseValueRequest::kAllowPartial:
        request.allow_partial = GetBool(&message);
        break;
      default:
        message.skip();
    }
  }
  request.text = raw_text.empty() ? std::move(text) : std::move(raw_text);
  return request;
}

struct FormatRequest {
  protozero::data_view value;
  int32_t display = 0;
};

FormatRequest ReadFormatRequest(protozero::data_view bytes) {
  FormatRequest request;
  protozero::pbf_message<schema::FormatValueRequest> message(bytes);
  while (message.next()) {
    switch (message.tag()) {
      case schema::FormatValueRequest::kValue:
        request.value = message.get_view();
        break;
      case schema::FormatValueRequest::kDisplay:
        request.display = message.get_enum();
        break;
      default:
        message.skip();
    }
  }
  return request;
}

// libwireshark aborts if a time has a display that isn't meant for times.
absl::StatusOr<int> DisplayOf(const Target& target, int32_t asked) {
  if (target.field != nullptr) {
    // For booleans, libwireshark stores the width here.
    return target.type == FT_BOOLEAN ? BASE_NONE
                                     : FIELD_DISPLAY(target.field->display);
  }
  const std::optional<int> display = FromPublicNumber(kFieldDisplays, asked);
  const bool fits =
      display.has_value() &&
      (*display == BASE_NONE || FIELD_DISPLAY_IS_ABSOLUTE_TIME(*display) ==
                                    (target.type == FT_ABSOLUTE_TIME));
  if (!fits) {
    return Invalid("FIELD_DISPLAY_INVALID",
                   absl::StrCat("The type ", ftype_name(target.type),
                                " can't be displayed in this way."));
  }
  return *display;
}

absl::Status AnswerParse(protozero::data_view bytes, SendResponse send) {
  ASSIGN_OR_RETURN(const Target target,
                   ReadTarget<schema::ParseValueRequest>(bytes));
  const ParseRequest request = ReadParseRequest(bytes);
  if (HasNul(request.text)) return TextHasNul();
  std::string message;
  FieldValuePtr value = ParseFieldValue(target.type, request.text,
                                        request.allow_partial, &message);
  if (value == nullptr && target.field != nullptr) {
    value = ValueOfName(*target.field, request.text);
  }
  std::string response;
  protozero::pbf_builder<schema::ParseValueResponse> out(response);
  if (value != nullptr) {
    out.add_message(schema::ParseValueResponse::kValue,
                    FieldValueMessage(*value, target.type));
  } else {
    out.add_string(schema::ParseValueResponse::kMessage,
                   MakeValidUtf8(message));
  }
  out.add_enum(schema::ParseValueResponse::kType, PublicFieldType(target.type));
  return send(response);
}

absl::Status AnswerFormat(protozero::data_view bytes, SendResponse send) {
  ASSIGN_OR_RETURN(const Target target,
                   ReadTarget<schema::FormatValueRequest>(bytes));
  const FormatRequest request = ReadFormatRequest(bytes);
  ASSIGN_OR_RETURN(const int display, DisplayOf(target, request.display));
  ASSIGN_OR_RETURN(const FieldValuePtr value,
                   ReadFieldValue(request.value, target.type));
  std::string response;
  protozero::pbf_builder<schema::FormatValueResponse> out(response);
  const std::optional<std::string> shown =
      FormatFieldValue(*value, FTREPR_DISPLAY, display);
  if (shown.has_value()) {
    out.add_string(schema::FormatValueResponse::kDisplay,
                   MakeValidUtf8(*shown));
  }
  const std::optional<std::string> filter =
      FormatFieldValue(*value, FTREPR_DFILTER, display);
  if (filter.has_value()) {
    out.add_string(schema::FormatValueResponse::kFilter,
                   MakeValidUtf8(*filter));
  }
  if (target.field != nullptr) {
    out.add_string(schema::FormatValueResponse::kName,
                   MakeValidUtf8(NameOfValue(*target.field, *value)));
  }
  out.add_uint32(schema::FormatValueResponse::kLengthBytes,
                 static_cast<uint32_t>(LengthOf(*value, target.type)));
  return send(response);
}

absl::Status Answer(absl::Status (*answer)(protozero::data_view bytes,
                                           SendResponse send),
                    absl::string_view request, SendResponse send) {
  try {
    return answer({request.data(), request.size()}, send);
  } catch (const protozero::exception& error) {
    return Invalid("REQUEST_MALFORMED",
                   absl::StrCat("The request is malformed: ", error.what()));
  }
}

}  // namespace

absl::Status ParseValue(const QueryContext&, absl::string_view request,
                        SendResponse send) {
  return Answer(AnswerParse, request, send);
}

absl::Status FormatValue(const QueryContext&, absl::string_view request,
                         SendResponse send) {
  return Answer(AnswerFormat, request, send);
}

}  // namespace dissectd::engine
