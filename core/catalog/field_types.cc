// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/field_types.h"

#include <protozero/pbf_builder.hpp>
#include <string>

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
};

std::string TypeMessage(ftenum_t type) {
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
  return message;
}

}  // namespace

absl::Status ListFieldTypes(const QueryContext&, absl::string_view,
                            SendResponse send) {
  std::string response;
  protozero::pbf_builder<ResponseTag> out(response);
  for (int type = FT_NONE; type < FT_NUM_TYPES; ++type) {
    out.add_message(ResponseTag::kFieldTypes,
                    TypeMessage(static_cast<ftenum_t>(type)));
  }
  return send(response);
}

}  // namespace dissectd
