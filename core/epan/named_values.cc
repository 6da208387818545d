// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/named_values.h"

#include <epan/unit_strings.h>

#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

bool HasDisplayFlag(const header_field_info* field, int flag) {
  return (field->display & flag) != 0;
}

NamedValueKind KindOf(const header_field_info* field) {
  if (field->strings == nullptr) return NamedValueKind::kUnspecified;
  if (field->type == FT_BOOLEAN) return NamedValueKind::kTrueFalse;
  // Floating-point numbers only have units.
  if (field->type == FT_FLOAT || field->type == FT_DOUBLE) {
    return HasDisplayFlag(field, BASE_UNIT_STRING)
               ? NamedValueKind::kUnit
               : NamedValueKind::kUnspecified;
  }
  // For FT_FRAMENUM, `strings` is the relation of the other frame to this one;
  // with BASE_CUSTOM it is a function, and with BASE_PROTOCOL_INFO a protocol.
  if ((!IsSignedType(field->type) && !IsUnsignedType(field->type)) ||
      field->type == FT_FRAMENUM ||
      FIELD_DISPLAY(field->display) == BASE_CUSTOM ||
      HasDisplayFlag(field, BASE_PROTOCOL_INFO)) {
    return NamedValueKind::kUnspecified;
  }
  if (HasDisplayFlag(field, BASE_RANGE_STRING)) return NamedValueKind::kRanges;
  if (HasDisplayFlag(field, BASE_VAL64_STRING)) {
    return NamedValueKind::kValues64;
  }
  if (HasDisplayFlag(field, BASE_EXT_STRING)) return NamedValueKind::kValues;
  if (HasDisplayFlag(field, BASE_UNIT_STRING)) return NamedValueKind::kUnit;
  return NamedValueKind::kValues;
}

// libwireshark makes this choice when it first uses the list; this is earlier.
template <typename Value>
ValueLookup LookupOf(const Value* values, uint32_t count) {
  ValueLookup lookup = ValueLookup::kDirect;
  for (uint32_t i = 1; i < count; ++i) {
    using Number = decltype(values->value);
    if (values[i].value != static_cast<Number>(values[0].value + i)) {
      lookup = ValueLookup::kBinary;
    }
    if (lookup == ValueLookup::kBinary &&
        (values[i].value < values[i - 1].value ||
         values[i].value < values[0].value)) {
      return ValueLookup::kLinear;
    }
  }
  return lookup;
}

template <typename Entry>
size_t CountEntries(const void* list) {
  const auto* entries = static_cast<const Entry*>(list);
  size_t count = 0;
  while (entries[count].strptr != nullptr) ++count;
  return count;
}

}  // namespace

NamedValues::NamedValues(const header_field_info* field)
    : kind_(KindOf(field)), list_(field->strings) {
  const bool is_extended = HasDisplayFlag(field, BASE_EXT_STRING);
  switch (kind_) {
    case NamedValueKind::kUnspecified:
      break;
    case NamedValueKind::kValues:
      if (is_extended) Extend(static_cast<const value_string_ext*>(list_));
      size_ = CountEntries<value_string>(list_);
      break;
    case NamedValueKind::kValues64:
      if (is_extended) Extend(static_cast<const val64_string_ext*>(list_));
      size_ = CountEntries<val64_string>(list_);
      break;
    case NamedValueKind::kRanges:
      size_ = CountEntries<range_string>(list_);
      break;
    case NamedValueKind::kTrueFalse:
      size_ = 2;
      break;
    case NamedValueKind::kUnit:
      size_ = static_cast<const unit_name_string*>(list_)->plural == nullptr
                  ? 1
                  : 2;
      break;
  }
}

template <typename List>
void NamedValues::Extend(const List* list) {
  extended_ = ExtendedValueString{list->_vs_name, list->_vs_num_entries,
                                  LookupOf(list->_vs_p, list->_vs_num_entries)};
  list_ = list->_vs_p;
}

NamedValue NamedValues::At(size_t index) const {
  switch (kind_) {
    case NamedValueKind::kUnspecified:
      break;
    case NamedValueKind::kValues: {
      const auto& entry = static_cast<const value_string*>(list_)[index];
      return NamedValue{entry.value, entry.value, entry.strptr};
    }
    case NamedValueKind::kValues64: {
      const auto& entry = static_cast<const val64_string*>(list_)[index];
      return NamedValue{entry.value, entry.value, entry.strptr};
    }
    case NamedValueKind::kRanges: {
      const auto& entry = static_cast<const range_string*>(list_)[index];
      return NamedValue{entry.value_min, entry.value_max, entry.strptr};
    }
    case NamedValueKind::kTrueFalse: {
      const auto* texts = static_cast<const true_false_string*>(list_);
      return index == 0 ? NamedValue{1, 1, texts->true_string}
                        : NamedValue{0, 0, texts->false_string};
    }
    case NamedValueKind::kUnit: {
      const auto* unit = static_cast<const unit_name_string*>(list_);
      return index == 0 ? NamedValue{1, 1, unit->singular}
                        : NamedValue{2, 2, unit->plural};
    }
  }
  return {};
}

}  // namespace dissectd::engine
