// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_VALUE_MESSAGE_H_
#define CORE_QUERY_REGISTRY_VALUE_MESSAGE_H_

#include <protozero/data_view.hpp>
#include <string>

#include "absl/status/statusor.h"
#include "core/epan/field_value.h"

namespace dissectd::engine {

// Writes a value as dissectd.v1.TypedValue.
std::string FieldValueMessage(const fvalue_t& value, ftenum_t type);

// Parses a dissectd.v1.TypedValue. May throw protozero's exceptions. Errors:
// INVALID_ARGUMENT (VALUE_INVALID if it isn't a value of the type,
// FIELD_TYPE_WITHOUT_VALUES).
absl::StatusOr<FieldValuePtr> ReadFieldValue(protozero::data_view message,
                                             ftenum_t type);

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_VALUE_MESSAGE_H_
