// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_FIELDS_H_
#define CORE_EPAN_FIELDS_H_

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "core/epan/wireshark.h"

namespace dissectd {

// Visits all protocols and fields that are registered, each protocol before its
// fields.
void ForEachField(absl::FunctionRef<void(header_field_info*)> visit);

// The filter name of the protocol that a field belongs to; empty for protocols.
const char* ProtocolOfField(const header_field_info& field);

// A value, or a range of values, that has a name.
struct NamedValue {
  uint64_t first;
  uint64_t last;
  const char* name;
};

// Visits the values of a field that have names, in the order of libwireshark's
// table; stops when `visit` returns false.
void ForEachNamedValue(const header_field_info& field,
                       absl::FunctionRef<bool(const NamedValue&)> visit);

}  // namespace dissectd

#endif  // CORE_EPAN_FIELDS_H_
