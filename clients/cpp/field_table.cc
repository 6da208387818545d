// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/field_table.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dissectd {
namespace {

// The limit of ids, so that an invalid id from a broken server doesn't make the
// table huge.
constexpr uint32_t kMaxFieldId = 1 << 22;

}  // namespace

Field::Field(const v1::Field& field)
    : name(field.name()),
      display_name(field.display_name()),
      protocol(field.protocol()),
      ek_name(protocol.empty() ? name : absl::StrCat(protocol, "_", name)),
      type(field.type()),
      display(field.display()),
      display_flags(field.display_flags()),
      type_number(field.type_number()),
      bitmask(field.bitmask()),
      is_protocol(type == v1::FIELD_TYPE_PROTOCOL),
      is_data_protocol(is_protocol && name == "data"),
      is_expert_protocol(is_protocol && name == "_ws.expert") {
  std::replace(ek_name.begin(), ek_name.end(), '.', '_');
}

void FieldTable::Add(const v1::FrameBatch& batch) {
  for (const v1::FieldDefinition& definition : batch.fields()) {
    const uint32_t id = definition.id();
    if (id > kMaxFieldId) continue;
    if (id >= fields_.size()) fields_.resize(id + 1);
    fields_[id] = std::make_unique<const Field>(definition.field());
  }
}

}  // namespace dissectd
