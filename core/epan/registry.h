// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_REGISTRY_H_
#define CORE_EPAN_REGISTRY_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "core/epan/wireshark.h"

// The protocols and fields that libwireshark has registered. libwireshark lists
// fields by protocol only, and crashes if asked for unused numbers.
namespace dissectd::engine {

// Returns the numbers of the protocols, in libwireshark's order.
std::vector<int> AllProtocols();

// Calls `visit` with each protocol and each field, every protocol before its
// fields.
void ForEachProtocolAndField(absl::FunctionRef<void(header_field_info*)> visit);

// Returns the filter name of the protocol that a field belongs to; empty for
// protocols.
const char* ProtocolOfField(const header_field_info& field);

// Returns the fields that filters can name, ordered by number.
std::vector<const header_field_info*> AllFields();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_REGISTRY_H_
