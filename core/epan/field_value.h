// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FIELD_VALUE_H_
#define CORE_EPAN_FIELD_VALUE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// libwireshark exports nothing that frees a value: this does, by its type.
struct FieldValueDeleter {
  void operator()(fvalue_t* value) const;
};
// A value outside of a protocol tree.
using FieldValuePtr = std::unique_ptr<fvalue_t, FieldValueDeleter>;

// Reads a value as display filters do; `text` has no NUL. Asks no name server.
// If the text is no value, returns null and sets `message` to libwireshark's.
FieldValuePtr ParseFieldValue(ftenum_t type, const std::string& text,
                              bool allow_partial, std::string* message);

// Makes some value of the type, to be overwritten. Null for types without
// values, and for FT_PROTOCOL, whose values only ParseFieldValue makes.
FieldValuePtr MakeFieldValue(ftenum_t type);

// The text of a value, or nothing if libwireshark has none. `display` must be
// one for the type.
std::optional<std::string> FormatFieldValue(const fvalue_t& value,
                                            ftrepr_t representation,
                                            int display);

// The bytes of a value of FT_PROTOCOL.
absl::string_view BytesOf(const protocol_value_t& value);

// The bytes of every value of the type; 0 if values differ, or have no length.
size_t WidthOf(ftenum_t type);

// The bytes of a value; 0 if it has no length.
size_t LengthOf(const fvalue_t& value, ftenum_t type);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FIELD_VALUE_H_
