// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_FIELD_SET_H_
#define CORE_ENCODE_FIELD_SET_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// Returns whether nodes of the field have only a label, and no value.
inline bool HasLabelOnly(const header_field_info& field) {
  return field.type == FT_NONE || field.type == FT_PROTOCOL;
}

// A set of fields by libwireshark's numbers.
class FieldSet {
 public:
  // Collects all fields and protocols that have one of `names`. As in tshark's
  // -e, only current names are valid. Errors: INVALID_ARGUMENT (FIELD_UNKNOWN).
  static absl::StatusOr<FieldSet> OfFields(
      const std::vector<std::string>& names);

  // Collects the protocols that have, or had, one of `names`. As in tshark's
  // -O, names of fields are valid, too. Errors: INVALID_ARGUMENT
  // (PROTOCOL_UNKNOWN).
  static absl::StatusOr<FieldSet> OfProtocols(
      const std::vector<std::string>& names);

  bool Contains(const header_field_info* field) const {
    const auto index = static_cast<size_t>(field->id);
    return index < members_.size() && members_[index];
  }

  const std::vector<int>& ids() const { return ids_; }

  // Whether HasLabelOnly holds for one of the fields.
  bool AnyHasLabelOnly() const { return any_has_label_only_; }

 private:
  // Adds all fields with the name. Returns whether there are any.
  bool AddNamed(const std::string& name);
  void Add(const header_field_info& field);

  std::vector<bool> members_;
  std::vector<int> ids_;
  bool any_has_label_only_ = false;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_FIELD_SET_H_
