// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/field_types.h"

#include <map>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "core/epan/display_filter.h"
#include "core/epan/registry.h"
#include "core/epan/wireshark.h"

namespace dissectd {
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

// libwireshark has it too, but doesn't export it.
uint32_t WireSize(ftenum_t type) {
  switch (type) {
    case FT_CHAR:
    case FT_UINT8:
    case FT_INT8:
      return 1;
    case FT_UINT16:
    case FT_INT16:
    case FT_IEEE_11073_SFLOAT:
      return 2;
    case FT_UINT24:
    case FT_INT24:
      return 3;
    case FT_UINT32:
    case FT_INT32:
    case FT_IEEE_11073_FLOAT:
    case FT_FLOAT:
    case FT_IPv4:
    case FT_IPXNET:
    case FT_FRAMENUM:
      return 4;
    case FT_UINT40:
    case FT_INT40:
      return 5;
    case FT_UINT48:
    case FT_INT48:
    case FT_ETHER:
      return 6;
    case FT_UINT56:
    case FT_INT56:
      return 7;
    case FT_UINT64:
    case FT_INT64:
    case FT_DOUBLE:
    case FT_EUI64:
    case FT_FCWWN:
      return 8;
    case FT_IPv6:
    case FT_GUID:
      return 16;
    case FT_AX25:
      return AX25_ADDR_LEN;
    case FT_VINES:
      return VINES_ADDR_LEN;
    default:
      return 0;
  }
}

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
  // dissectd.v1.FieldType lists libwireshark's types after UNSPECIFIED.
  out.add_enum(TypeTag::kType, static_cast<int32_t>(type) + 1);
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
  out.add_uint32(TypeTag::kWireSize, WireSize(type));
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

}  // namespace dissectd
