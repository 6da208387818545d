// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_EPAN_DISSECTOR_TABLES_H_
#define CORE_EPAN_DISSECTOR_TABLES_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "core/epan/wireshark.h"

// Lists libwireshark's dissector tables, which map numbers and texts in packets
// to the dissectors of what follows.
namespace dissectd::engine {

// An entry of a table. libwireshark owns what it points to.
struct DissectorTableEntry {
  const char* table;
  ftenum_t selector_type;
  gpointer key;
  dtbl_entry_t* value;
};

// Returns the names of all tables, in libwireshark's order. They are never
// freed.
std::vector<const char*> DissectorTables();

// Appends the entries of a table, which must exist.
void AppendDissectorTableEntries(const char* table,
                                 std::vector<DissectorTableEntry>* entries);

// Returns the short names of the protocols that own tables, by the names of the
// tables; those without a protocol are left out.
absl::flat_hash_map<std::string, std::string> ProtocolsOfTables();

// Returns the protocol of a dissector; null if the dissector is null or has no
// protocol.
const char* ProtocolOfDissector(dissector_handle_t dissector);

}  // namespace dissectd::engine

#endif  // CORE_EPAN_DISSECTOR_TABLES_H_
