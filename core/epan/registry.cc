// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/registry.h"

#include <algorithm>

#include "core/epan/library.h"

namespace dissectd::engine {

std::vector<int> AllProtocols() {
  std::vector<int> protocols;
  void* cookie = nullptr;
  for (int id = proto_get_first_protocol(&cookie); id != -1;
       id = proto_get_next_protocol(&cookie)) {
    protocols.push_back(id);
  }
  return protocols;
}

void ForEachProtocolAndField(
    absl::FunctionRef<void(header_field_info*)> visit) {
  for (const int protocol : AllProtocols()) {
    visit(proto_registrar_get_nth(static_cast<guint>(protocol)));
    void* cookie = nullptr;
    for (header_field_info* field =
             proto_get_first_protocol_field(protocol, &cookie);
         field != nullptr;
         field = proto_get_next_protocol_field(protocol, &cookie)) {
      visit(field);
    }
  }
}

const char* ProtocolOfField(const header_field_info& field) {
  const char* name =
      field.parent < 0 ? nullptr : proto_registrar_get_abbrev(field.parent);
  return name == nullptr ? "" : name;
}

std::vector<const header_field_info*> AllFields() {
  // The list is indexed by number, as sorting a quarter of a million fields
  // would take longer.
  std::vector<const header_field_info*> fields(FieldNumberLimit());
  ForEachProtocolAndField([&](const header_field_info* field) {
    // This field has no name: it is used for text that belongs to no field.
    if (field->id == hf_text_only || field->parent < 0) return;
    const auto number = static_cast<size_t>(field->id);
    if (number >= fields.size()) fields.resize(number + 1);
    fields[number] = field;
  });
  fields.erase(std::remove(fields.begin(), fields.end(), nullptr),
               fields.end());
  return fields;
}

}  // namespace dissectd::engine
