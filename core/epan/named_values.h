// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_NAMED_VALUES_H_
#define CORE_EPAN_NAMED_VALUES_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/epan/wireshark.h"
#include "dissectd/v1/common.schema.h"

namespace dissectd::engine {

using schema::NamedValueKind;
using schema::ValueLookup;

// dissectd.v1.ExtendedNamedValues.
struct ExtendedValueString {
  const char* name;
  uint32_t count;
  ValueLookup lookup;
};

// A value, or a range of values, and the text for it: dissectd.v1.NamedValue.
struct NamedValue {
  uint64_t first;
  uint64_t last;
  // May be null.
  const char* name;
};

// The texts that a field has for its values: the list that
// header_field_info.strings points to.
class NamedValues {
 public:
  explicit NamedValues(const header_field_info* field);

  NamedValueKind kind() const { return kind_; }
  size_t size() const { return size_; }
  const std::optional<ExtendedValueString>& extended() const {
    return extended_;
  }

  // `index` is a place before size().
  NamedValue At(size_t index) const;

 private:
  template <typename List>
  void Extend(const List* list);

  NamedValueKind kind_ = NamedValueKind::kUnspecified;
  size_t size_ = 0;
  std::optional<ExtendedValueString> extended_;
  // The list, whose type depends on `kind_`.
  const void* list_ = nullptr;
};

}  // namespace dissectd::engine

#endif  // CORE_EPAN_NAMED_VALUES_H_
