// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/catalog/value_names.h"

#include <cstdint>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "core/epan/value_visitor.h"

namespace dissectd {
namespace {

// What `strings` of a field points to.
enum class NameTable {
  kNone,
  kBoolean,
  kValues,
  kExtended,
  kValues64,
  kExtended64,
  kRanges,
  kRanges64,
};

NameTable TableOf(const header_field_info& field) {
  if (field.strings == nullptr) return NameTable::kNone;
  if (field.type == FT_BOOLEAN) return NameTable::kBoolean;
  const bool integer = IS_FT_INT(field.type) || IS_FT_UINT(field.type);
  const auto display = static_cast<uint32_t>(field.display);
  constexpr uint32_t kNoNames = BASE_UNIT_STRING | BASE_PROTOCOL_INFO;
  if (!integer || field.type == FT_FRAMENUM ||
      FIELD_DISPLAY(display) == BASE_CUSTOM || (display & kNoNames) != 0) {
    return NameTable::kNone;
  }
  const bool wide = IS_FT_INT64(field.type) || IS_FT_UINT64(field.type);
  if ((display & BASE_RANGE_STRING) != 0) {
    return wide ? NameTable::kRanges64 : NameTable::kRanges;
  }
  const bool extended = (display & BASE_EXT_STRING) != 0;
  if ((display & BASE_VAL64_STRING) != 0) {
    return extended ? NameTable::kExtended64 : NameTable::kValues64;
  }
  return extended ? NameTable::kExtended : NameTable::kValues;
}

// The value with that name in a table that ends with a null name.
template <typename Entry>
std::optional<int64_t> Find(const Entry* entry, const std::string& text) {
  for (; entry->strptr != nullptr; ++entry) {
    if (absl::EqualsIgnoreCase(entry->strptr, text)) {
      return static_cast<int64_t>(entry->value);
    }
  }
  return std::nullopt;
}

std::optional<int64_t> FindBoolean(const true_false_string& names,
                                   const std::string& text) {
  if (absl::EqualsIgnoreCase(names.true_string, text)) return 1;
  if (absl::EqualsIgnoreCase(names.false_string, text)) return 0;
  return std::nullopt;
}

std::optional<int64_t> NumberOfName(const header_field_info& field,
                                    const std::string& text) {
  const void* names = field.strings;
  switch (TableOf(field)) {
    case NameTable::kBoolean:
      return FindBoolean(*static_cast<const true_false_string*>(names), text);
    case NameTable::kValues:
      return Find(static_cast<const value_string*>(names), text);
    case NameTable::kExtended:
      return Find(static_cast<const value_string_ext*>(names)->_vs_p, text);
    case NameTable::kValues64:
      return Find(static_cast<const val64_string*>(names), text);
    case NameTable::kExtended64:
      return Find(static_cast<const val64_string_ext*>(names)->_vs_p, text);
    case NameTable::kNone:
    case NameTable::kRanges:
    case NameTable::kRanges64:
      break;
  }
  return std::nullopt;
}

const char* NameOfNumber(const header_field_info& field, uint64_t number) {
  void* names = const_cast<void*>(field.strings);
  const auto low = static_cast<guint32>(number);
  switch (TableOf(field)) {
    case NameTable::kNone:
      break;
    case NameTable::kBoolean:
      return tfs_get_string(number != 0,
                            static_cast<const true_false_string*>(names));
    case NameTable::kValues:
      return try_val_to_str(low, static_cast<const value_string*>(names));
    case NameTable::kExtended:
      return try_val_to_str_ext(low, static_cast<value_string_ext*>(names));
    case NameTable::kValues64:
      return try_val64_to_str(number, static_cast<const val64_string*>(names));
    case NameTable::kExtended64:
      return try_val64_to_str_ext(number,
                                  static_cast<val64_string_ext*>(names));
    case NameTable::kRanges:
      return try_rval_to_str(low, static_cast<const range_string*>(names));
    case NameTable::kRanges64:
      return try_rval64_to_str(number, static_cast<const range_string*>(names));
  }
  return nullptr;
}

// Of values that may have names.
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
  std::optional<int64_t> number = NumberOfName(field, text);
  if (!number.has_value()) return nullptr;
  // The tables of the shorter ones hold them as unsigned.
  if (IS_FT_INT32(field.type)) number = static_cast<int32_t>(*number);
  const std::string literal =
      IS_FT_INT(field.type) ? absl::StrCat(*number)
                            : absl::StrCat(static_cast<uint64_t>(*number));
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

}  // namespace dissectd
