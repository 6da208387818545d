// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FIELD_VALUE_H_
#define CORE_EPAN_FIELD_VALUE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "core/epan/value_visitor.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

struct FieldValueDeleter {
  void operator()(fvalue_t* value) const;
};
// A value outside of a protocol tree.
using FieldValuePtr = std::unique_ptr<fvalue_t, FieldValueDeleter>;

// Reads a value as display filters do; `text` has no NUL. Asks no name server.
// If the text isn't a value, returns null and sets `message` to libwireshark's
// explanation.
FieldValuePtr ParseFieldValue(ftenum_t type, const std::string& text,
                              bool allow_partial, std::string* message);

// Makes an arbitrary value of the type, to be overwritten. Returns null for
// types without values, and for FT_PROTOCOL, whose values only ParseFieldValue
// makes.
FieldValuePtr MakeFieldValue(ftenum_t type);

// Returns the text of a value, or nothing if libwireshark has none. `display`
// must be valid for the type.
std::optional<std::string> FormatFieldValue(const fvalue_t& value,
                                            ftrepr_t representation,
                                            int display);

// Returns the bytes of a value of FT_PROTOCOL.
absl::string_view BytesOfProtocol(ProtocolValue value);

// Returns the length in bytes of every value of the type; 0 if values differ,
// or have no length.
size_t WidthOf(ftenum_t type);

// Returns the length of a value in bytes; 0 if it has none.
size_t LengthOf(const fvalue_t& value, ftenum_t type);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_FIELD_VALUE_H_
