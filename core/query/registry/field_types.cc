// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/field_types.h"

#include <map>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/epan/display_filter.h"
#include "core/epan/field_value.h"
#include "core/epan/public_numbers.h"
#include "core/epan/registry.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {

// Returns a field of each type that a field can have.
std::map<ftenum_t, std::string> FieldOfEachType() {
  std::map<ftenum_t, std::string> fields;
  for (const header_field_info* field : AllFields()) {
    fields.emplace(field->type, field->abbrev);
  }
  return fields;
}

// Only the filter compiler knows this.
bool CanMask(const std::string& field) {
  return CompileDisplayFilter(absl::StrCat(field, " & ", field)).ok();
}

std::string TypeMessage(ftenum_t type, const std::string& field) {
  std::string message;
  protozero::pbf_builder<schema::FieldTypeInfo> out(message);
  out.add_enum(schema::FieldTypeInfo::kType, PublicFieldType(type));
  out.add_string(schema::FieldTypeInfo::kName, ftype_name(type));
  out.add_string(schema::FieldTypeInfo::kDescription, ftype_pretty_name(type));
  out.add_uint32(schema::FieldTypeInfo::kTypeNumber, type);
  out.add_bool(schema::FieldTypeInfo::kCanEqual, ftype_can_eq(type) != FALSE);
  out.add_bool(schema::FieldTypeInfo::kCanOrder, ftype_can_cmp(type) != FALSE);
  out.add_bool(schema::FieldTypeInfo::kCanContain,
               ftype_can_contains(type) != FALSE);
  out.add_bool(schema::FieldTypeInfo::kCanMatch,
               ftype_can_matches(type) != FALSE);
  out.add_bool(schema::FieldTypeInfo::kCanSlice,
               ftype_can_slice(type) != FALSE);
  out.add_bool(schema::FieldTypeInfo::kCanMask,
               !field.empty() && CanMask(field));
  out.add_bool(schema::FieldTypeInfo::kCanBeZero,
               ftype_can_is_zero(type) != FALSE);
  out.add_bool(schema::FieldTypeInfo::kCanBeNegative,
               ftype_can_is_negative(type) != FALSE);
  out.add_uint32(schema::FieldTypeInfo::kWireSize,
                 static_cast<uint32_t>(WidthOf(type)));
  return message;
}

}  // namespace

absl::Status ListFieldTypes(const QueryContext&, absl::string_view,
                            SendResponse send) {
  std::string response;
  protozero::pbf_builder<schema::ListFieldTypesResponse> out(response);
  std::map<ftenum_t, std::string> fields = FieldOfEachType();
  for (int i = FT_NONE; i < FT_NUM_TYPES; ++i) {
    const auto type = static_cast<ftenum_t>(i);
    out.add_message(schema::ListFieldTypesResponse::kFieldTypes,
                    TypeMessage(type, fields[type]));
  }
  return send(response);
}

}  // namespace dissectd::engine
