// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/value_names.h"

#include <cstdint>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/epan/named_values.h"
#include "core/epan/value_visitor.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

// A range has no single number.
std::optional<uint64_t> NumberOfName(const header_field_info& field,
                                     const std::string& text) {
  const NamedValues values(&field);
  if (values.kind() == NamedValueKind::kRanges ||
      values.kind() == NamedValueKind::kUnit) {
    return std::nullopt;
  }
  for (size_t i = 0; i < values.size(); ++i) {
    const NamedValue value = values.At(i);
    if (absl::EqualsIgnoreCase(value.name, text)) return value.first;
  }
  return std::nullopt;
}

const char* NameOfNumber(const header_field_info& field, uint64_t number) {
  void* names = const_cast<void*>(field.strings);
  const bool extended = (field.display & BASE_EXT_STRING) != 0;
  const bool wide = IsWideType(field.type);
  const auto low = static_cast<guint32>(number);
  switch (NamedValues(&field).kind()) {
    case NamedValueKind::kUnspecified:
    case NamedValueKind::kUnit:
      break;
    case NamedValueKind::kTrueFalse:
      return tfs_get_string(number != 0,
                            static_cast<const true_false_string*>(names));
    case NamedValueKind::kValues:
      return extended
                 ? try_val_to_str_ext(low,
                                      static_cast<value_string_ext*>(names))
                 : try_val_to_str(low, static_cast<const value_string*>(names));
    case NamedValueKind::kValues64:
      return extended ? try_val64_to_str_ext(
                            number, static_cast<val64_string_ext*>(names))
                      : try_val64_to_str(
                            number, static_cast<const val64_string*>(names));
    case NamedValueKind::kRanges: {
      const auto* ranges = static_cast<const range_string*>(names);
      return wide ? try_rval64_to_str(number, ranges)
                  : try_rval_to_str(low, ranges);
    }
  }
  return nullptr;
}

// Gets the number of a value; absent for types whose values have no names.
struct NumberGetter {
  std::optional<uint64_t> operator()(guint32 value) const { return value; }
  std::optional<uint64_t> operator()(guint64 value) const { return value; }
  std::optional<uint64_t> operator()(gint32 value) const {
    return static_cast<uint64_t>(int64_t{value});
  }
  std::optional<uint64_t> operator()(gint64 value) const {
    return static_cast<uint64_t>(value);
  }
  template <typename Other>
  std::optional<uint64_t> operator()(const Other&) const {
    return std::nullopt;
  }
};

}  // namespace

FieldValuePtr ValueOfName(const header_field_info& field,
                          const std::string& text) {
  const std::optional<uint64_t> found = NumberOfName(field, text);
  if (!found.has_value()) return nullptr;
  auto number = static_cast<int64_t>(*found);
  // Tables of fields with up to 32 bits have unsigned numbers.
  if (IsSignedType(field.type) && !IsWideType(field.type)) {
    number = static_cast<int32_t>(number);
  }
  const std::string literal =
      IsSignedType(field.type) ? absl::StrCat(number) : absl::StrCat(*found);
  std::string message;
  return ParseFieldValue(field.type, literal, /*allow_partial=*/false,
                         &message);
}

std::string NameOfValue(const header_field_info& field, const fvalue_t& value) {
  const std::optional<uint64_t> number =
      VisitValue(value, field.type, NumberGetter());
  if (!number.has_value()) return "";
  const char* name = NameOfNumber(field, *number);
  return name == nullptr ? "" : name;
}

}  // namespace dissectd::engine
