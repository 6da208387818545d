// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_QUERY_REGISTRY_REGISTRY_MESSAGES_H_
#define CORE_QUERY_REGISTRY_REGISTRY_MESSAGES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/epan/named_values.h"
#include "core/epan/public_numbers.h"
#include "core/epan/wireshark.h"

// Serialises libwireshark's registry as messages of dissectd.v1.
namespace dissectd::engine {

// Returns a dissectd.v1.Field with all its parts; `values` are those of the
// field.
std::string RegisteredFieldMessage(const header_field_info* field,
                                   const NamedValues& values);

// Returns a dissectd.v1.FieldValue.
std::string ValueMessage(const NamedValue& value);

// An item of a list of heuristic dissectors.
struct HeuristicEntry {
  std::string list;
  const heur_dtbl_entry_t* dissector;
};

// Returns the items list by list, in libwireshark's order.
std::vector<HeuristicEntry> AllHeuristics();

// Returns a dissectd.v1.HeuristicDissector.
std::string HeuristicMessage(const HeuristicEntry& entry);

// Serialises protocols as dissectd.v1.Protocol.
class ProtocolMessages {
 public:
  ProtocolMessages();
  std::string Message(int id) const;

 private:
  std::multimap<const protocol_t*, HeuristicEntry> heuristics_;
};

}  // namespace dissectd::engine

#endif  // CORE_QUERY_REGISTRY_REGISTRY_MESSAGES_H_
