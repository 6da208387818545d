// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_CATALOG_FIELD_VALUES_H_
#define CORE_CATALOG_FIELD_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/epan/wireshark.h"

namespace dissectd {

// dissectd.v1.FieldValueKind.
enum class FieldValueKind : int32_t {
  kNone = 0,
  kValues,
  kValues64,
  kRanges,
  kTrueFalse,
  kUnit,
};

// dissectd.v1.ValueLookup.
enum class ValueLookup : int32_t { kLinear = 1, kBinary, kDirect };

// dissectd.v1.ExtendedValueString.
struct ExtendedValueString {
  const char* name;
  uint32_t count;
  ValueLookup lookup;
};

// The texts that a field has for its values: whatever header_field_info.strings
// points to.
class FieldValues {
 public:
  explicit FieldValues(const header_field_info* field);

  FieldValueKind kind() const { return kind_; }
  size_t size() const { return size_; }
  const std::optional<ExtendedValueString>& extended() const {
    return extended_;
  }

  // The value at a place before size(), as a dissectd.v1.FieldValue.
  std::string MessageAt(size_t index) const;

 private:
  template <typename List>
  void Extend(const List* list);

  FieldValueKind kind_ = FieldValueKind::kNone;
  size_t size_ = 0;
  std::optional<ExtendedValueString> extended_;
  // The list, of the type that `kind_` says.
  const void* list_ = nullptr;
};

}  // namespace dissectd

#endif  // CORE_CATALOG_FIELD_VALUES_H_
