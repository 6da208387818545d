// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/field_names.h"

#include "absl/strings/str_cat.h"

namespace dissectd::engine {

const header_field_info* FindFieldOrAlias(const std::string& name) {
  const header_field_info* field = proto_registrar_get_byname(name.c_str());
  if (field == nullptr) field = proto_registrar_get_byalias(name.c_str());
  while (field != nullptr && field->same_name_prev_id != -1) {
    field =
        proto_registrar_get_nth(static_cast<guint>(field->same_name_prev_id));
  }
  return field;
}

std::string ResolveAlias(const std::string& name) {
  const header_field_info* field = proto_registrar_get_byalias(name.c_str());
  return field == nullptr ? name : field->abbrev;
}

std::string AliasHint(const std::string& name) {
  const header_field_info* field = proto_registrar_get_byalias(name.c_str());
  if (field == nullptr) return std::string();
  return absl::StrCat("; its name is \"", field->abbrev, "\" today");
}

}  // namespace dissectd::engine
