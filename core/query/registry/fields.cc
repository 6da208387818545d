// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/fields.h"

#include <algorithm>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/field_names.h"
#include "core/epan/registry.h"
#include "core/query/page.h"
#include "core/query/registry/registry_messages.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {

using Fields = std::vector<const header_field_info*>;

struct FieldConditions {
  std::string protocol;
  std::string name_prefix;
  // The text in lower case.
  std::string text;
};

bool HasText(const char* where, const std::string& text) {
  return absl::StrContains(absl::AsciiStrToLower(where), text);
}

// Returns the fields that meet the conditions; `protocol` is -1 for any.
Fields Matching(const FieldConditions& conditions, int protocol) {
  Fields fields = AllFields();
  const auto differs = [&](const header_field_info* field) {
    return (protocol != -1 && field->parent != protocol) ||
           !absl::StartsWith(field->abbrev, conditions.name_prefix) ||
           (!conditions.text.empty() &&
            !HasText(field->abbrev, conditions.text) &&
            !HasText(field->name, conditions.text));
  };
  fields.erase(std::remove_if(fields.begin(), fields.end(), differs),
               fields.end());
  return fields;
}

// Returns all fields with this name, in their order.
Fields WithName(const std::string& name) {
  Fields fields;
  for (const header_field_info* field = FindFieldOrAlias(name);
       field != nullptr; field = field->same_name_next) {
    fields.push_back(field);
  }
  return fields;
}

absl::Status FieldNotFound(const std::string& name) {
  return MakeError(absl::StatusCode::kNotFound,
                   absl::StrCat("There is no field \"", name, "\"."),
                   {"FIELD_NOT_FOUND", {{"name", name}}, {}});
}

}  // namespace

absl::Status ListFields(const QueryContext&, absl::string_view request,
                        SendResponse send) {
  PageRequest page;
  FieldConditions conditions;
  RETURN_IF_ERROR(ReadRequestFields<schema::ListFieldsRequest>(
      "ListFieldsRequest", request, [&](auto* message) {
        if (ReadPageField(message, &page)) return;
        switch (message->tag()) {
          case schema::ListFieldsRequest::kProtocol:
            conditions.protocol = Text(message);
            break;
          case schema::ListFieldsRequest::kNamePrefix:
            conditions.name_prefix = Text(message);
            break;
          case schema::ListFieldsRequest::kText:
            conditions.text = absl::AsciiStrToLower(Text(message));
            break;
          default:
            message->skip();
        }
      }));
  int protocol = -1;
  if (!conditions.protocol.empty()) {
    const std::string name = ResolveAlias(conditions.protocol);
    protocol = proto_get_id_by_filter_name(name.c_str());
    if (protocol == -1) {
      return MakeError(
          absl::StatusCode::kInvalidArgument,
          absl::StrCat("There is no protocol \"", conditions.protocol, "\"."),
          {"PROTOCOL_UNKNOWN", {{"name", conditions.protocol}}, {}});
    }
  }
  const Fields fields = Matching(conditions, protocol);
  const std::string question =
      absl::StrCat("fields\n", conditions.protocol, "\n",
                   conditions.name_prefix, "\n", conditions.text);
  return SendPage(
      schema::ListFieldsResponse::kFields, page, question, fields.size(),
      [&](size_t i) { return fields[i]->abbrev; },
      [&](size_t i) {
        return RegisteredFieldMessage(fields[i], NamedValues(fields[i]));
      },
      send);
}

absl::Status LookupFields(const QueryContext&, absl::string_view request,
                          SendResponse send) {
  ASSIGN_OR_RETURN(const std::string name,
                   ReadTextRequest("LookupFieldsRequest", request,
                                   schema::LookupFieldsRequest::kName));
  const Fields fields = WithName(name);
  if (fields.empty()) return FieldNotFound(name);
  std::string response;
  protozero::pbf_builder<schema::LookupFieldsResponse> out(response);
  for (const header_field_info* field : fields) {
    out.add_message(schema::LookupFieldsResponse::kFields,
                    RegisteredFieldMessage(field, NamedValues(field)));
  }
  return send(response);
}

absl::Status ListNamedValues(const QueryContext&, absl::string_view request,
                             SendResponse send) {
  PageRequest page;
  std::string name;
  uint32_t id = 0;
  RETURN_IF_ERROR(ReadRequestFields<schema::ListNamedValuesRequest>(
      "ListNamedValuesRequest", request, [&](auto* message) {
        if (ReadPageField(message, &page)) return;
        switch (message->tag()) {
          case schema::ListNamedValuesRequest::kField:
            name = Text(message);
            break;
          case schema::ListNamedValuesRequest::kRegistryId:
            id = message->get_uint32();
            break;
          default:
            message->skip();
        }
      }));
  const Fields fields = WithName(name);
  const auto field = std::find_if(
      fields.begin(), fields.end(), [id](const header_field_info* candidate) {
        return id == 0 || PublicId(candidate->id) == id;
      });
  if (field == fields.end()) return FieldNotFound(name);
  const NamedValues values(*field);
  return SendPage(
      schema::ListNamedValuesResponse::kNamedValues, page,
      absl::StrCat("values\n", name, "\n", id), values.size(),
      [](size_t) { return ""; },
      [&](size_t i) { return ValueMessage(values.At(i)); }, send);
}

}  // namespace dissectd::engine
