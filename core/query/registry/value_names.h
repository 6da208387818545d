// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_VALUE_NAMES_H_
#define CORE_QUERY_REGISTRY_VALUE_NAMES_H_

#include <string>

#include "core/epan/field_value.h"

namespace dissectd::engine {

// The value that a field has the name `text` for, in any case, as display
// filters find it: ranges have no value. Null if there is none.
FieldValuePtr ValueOfName(const header_field_info& field,
                          const std::string& text);

// What a field calls a value of it; empty if it has no name for it.
std::string NameOfValue(const header_field_info& field, const fvalue_t& value);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_VALUE_NAMES_H_
