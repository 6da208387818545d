// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/field_set.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/error.h"
#include "core/epan/field_names.h"

namespace dissectd::engine {
namespace {

absl::Status Unknown(absl::string_view reason, const std::string& name,
                     absl::string_view hint) {
  return MakeError(
      absl::StatusCode::kInvalidArgument,
      absl::StrCat("\"", name, "\" isn't a field or protocol", hint, "."),
      {std::string(reason), {{"name", name}}, {}});
}

}  // namespace

absl::StatusOr<FieldSet> FieldSet::OfFields(
    const std::vector<std::string>& names) {
  FieldSet set;
  for (const std::string& name : names) {
    if (!set.AddNamed(name)) {
      return Unknown("FIELD_UNKNOWN", name, AliasHint(name));
    }
  }
  return set;
}

absl::StatusOr<FieldSet> FieldSet::OfProtocols(
    const std::vector<std::string>& names) {
  FieldSet set;
  for (const std::string& name : names) {
    if (!set.AddNamed(ResolveAlias(name))) {
      return Unknown("PROTOCOL_UNKNOWN", name, /*hint=*/"");
    }
  }
  return set;
}

bool FieldSet::AddNamed(const std::string& name) {
  const header_field_info* field = proto_registrar_get_byname(name.c_str());
  if (field == nullptr) return false;
  // Several fields may share a name; the list of them is linked both ways.
  for (const header_field_info* next = field; next != nullptr;
       next = next->same_name_next) {
    Add(*next);
  }
  for (int id = field->same_name_prev_id; id != -1;) {
    const header_field_info* previous =
        proto_registrar_get_nth(static_cast<guint>(id));
    Add(*previous);
    id = previous->same_name_prev_id;
  }
  return true;
}

void FieldSet::Add(const header_field_info& field) {
  const auto index = static_cast<size_t>(field.id);
  if (index >= members_.size()) members_.resize(index + 1);
  if (members_[index]) return;
  members_[index] = true;
  ids_.push_back(field.id);
  any_has_label_only_ |= HasLabelOnly(field);
}

}  // namespace dissectd::engine
