// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_REGISTRY_H_
#define CORE_EPAN_REGISTRY_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "core/epan/wireshark.h"

// What libwireshark has registered. It hands out no list of it by number, and
// its numbers have gaps that it may not be asked for.
namespace dissectd::engine {

// The numbers of the protocols, in libwireshark's order.
std::vector<int> AllProtocols();

// Calls `visit` with each protocol and each field, every protocol before its
// fields.
void ForEachProtocolAndField(absl::FunctionRef<void(header_field_info*)> visit);

// The filter name of the protocol that a field belongs to; empty for protocols.
const char* ProtocolOfField(const header_field_info& field);

// The fields that filters can name, in the order of their numbers.
std::vector<const header_field_info*> AllFields();

}  // namespace dissectd::engine

#endif  // CORE_EPAN_REGISTRY_H_
