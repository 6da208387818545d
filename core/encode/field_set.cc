// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/field_set.h"

#include "absl/strings/str_cat.h"
#include "core/base/error.h"

namespace dissectd::engine {

absl::StatusOr<FieldSet> FieldSet::OfNames(
    const std::vector<std::string>& names, absl::string_view reason) {
  FieldSet set;
  for (const std::string& name : names) {
    const header_field_info* field = proto_registrar_get_byname(name.c_str());
    if (field == nullptr) {
      return MakeError(
          absl::StatusCode::kInvalidArgument,
          absl::StrCat("\"", name, "\" isn't a field or protocol."),
          {std::string(reason), {{"name", name}}, {}});
    }
    // Several fields may share a name; the list of them is linked both ways.
    for (const header_field_info* next = field; next != nullptr;
         next = next->same_name_next) {
      set.Add(*next);
    }
    for (int id = field->same_name_prev_id; id != -1;) {
      const header_field_info* previous =
          proto_registrar_get_nth(static_cast<guint>(id));
      set.Add(*previous);
      id = previous->same_name_prev_id;
    }
  }
  return set;
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
