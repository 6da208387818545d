// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_VALUE_NAMES_H_
#define CORE_QUERY_REGISTRY_VALUE_NAMES_H_

#include <string>

#include "core/epan/field_value.h"

namespace dissectd::engine {

// Returns the value with the name `text` in a field, ignoring case, as display
// filters find it. Null if there is none; ranges have no value.
FieldValuePtr ValueOfName(const header_field_info& field,
                          const std::string& text);

// Returns a field's name for a value; empty if it has none.
std::string NameOfValue(const header_field_info& field, const fvalue_t& value);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_VALUE_NAMES_H_
