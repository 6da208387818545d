// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_FIELD_SET_H_
#define CORE_ENCODE_FIELD_SET_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Whether a field's nodes have no value, so that their label is all they say.
inline bool HasLabelOnly(const header_field_info& field) {
  return field.type == FT_NONE || field.type == FT_PROTOCOL;
}

// A set of fields by libwireshark's numbers.
class FieldSet {
 public:
  // Of every field that has one of `names`. Errors: INVALID_ARGUMENT with
  // `reason`.
  static absl::StatusOr<FieldSet> OfNames(const std::vector<std::string>& names,
                                          absl::string_view reason);

  bool Contains(const header_field_info* field) const {
    const auto index = static_cast<size_t>(field->id);
    return index < members_.size() && members_[index];
  }

  const std::vector<int>& ids() const { return ids_; }

  // Whether HasLabelOnly holds for one of the fields.
  bool AnyHasLabelOnly() const { return any_has_label_only_; }

 private:
  void Add(const header_field_info& field);

  std::vector<bool> members_;
  std::vector<int> ids_;
  bool any_has_label_only_ = false;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FIELD_SET_H_
