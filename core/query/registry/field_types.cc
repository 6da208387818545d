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

namespace dissectd::engine {
namespace {

// Field numbers, as in proto/dissectd/v1/registry.proto.
enum class ResponseTag : protozero::pbf_tag_type { kFieldTypes = 1 };
enum class TypeTag : protozero::pbf_tag_type {
  kType = 1,
  kName,
  kDescription,
  kTypeNumber,
  kCanEqual,
  kCanOrder,
  kCanContain,
  kCanMatch,
  kCanSlice,
  kCanMask,
  kCanBeZero,
  kCanBeNegative,
  kWireSize,
};

// A field of each type that can be a field's.
std::map<ftenum_t, std::string> FieldOfEachType() {
  std::map<ftenum_t, std::string> fields;
  for (const header_field_info* field : AllFields()) {
    fields.emplace(field->type, field->abbrev);
  }
  return fields;
}

// Only the compiler of filters knows.
bool CanMask(const std::string& field) {
  return CompileDisplayFilter(absl::StrCat(field, " & ", field)).ok();
}

std::string TypeMessage(ftenum_t type, const std::string& field) {
  std::string message;
  protozero::pbf_builder<TypeTag> out(message);
  out.add_enum(TypeTag::kType, PublicFieldType(type));
  out.add_string(TypeTag::kName, ftype_name(type));
  out.add_string(TypeTag::kDescription, ftype_pretty_name(type));
  out.add_uint32(TypeTag::kTypeNumber, type);
  out.add_bool(TypeTag::kCanEqual, ftype_can_eq(type) != FALSE);
  out.add_bool(TypeTag::kCanOrder, ftype_can_cmp(type) != FALSE);
  out.add_bool(TypeTag::kCanContain, ftype_can_contains(type) != FALSE);
  out.add_bool(TypeTag::kCanMatch, ftype_can_matches(type) != FALSE);
  out.add_bool(TypeTag::kCanSlice, ftype_can_slice(type) != FALSE);
  out.add_bool(TypeTag::kCanMask, !field.empty() && CanMask(field));
  out.add_bool(TypeTag::kCanBeZero, ftype_can_is_zero(type) != FALSE);
  out.add_bool(TypeTag::kCanBeNegative, ftype_can_is_negative(type) != FALSE);
  out.add_uint32(TypeTag::kWireSize, static_cast<uint32_t>(WidthOf(type)));
  return message;
}

}  // namespace

absl::Status ListFieldTypes(const QueryContext&, absl::string_view,
                            SendResponse send) {
  std::string response;
  protozero::pbf_builder<ResponseTag> out(response);
  std::map<ftenum_t, std::string> fields = FieldOfEachType();
  for (int i = FT_NONE; i < FT_NUM_TYPES; ++i) {
    const auto type = static_cast<ftenum_t>(i);
    out.add_message(ResponseTag::kFieldTypes, TypeMessage(type, fields[type]));
  }
  return send(response);
}

}  // namespace dissectd::engine
