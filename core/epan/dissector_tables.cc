// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/dissector_tables.h"

namespace dissectd::engine {

std::vector<const char*> DissectorTables() {
  std::vector<const char*> tables;
  dissector_all_tables_foreach_table(
      [](const char* name, const char*, gpointer all) {
        static_cast<std::vector<const char*>*>(all)->push_back(name);
      },
      &tables, nullptr);
  return tables;
}

void AppendDissectorTableEntries(const char* table,
                                 std::vector<DissectorTableEntry>* entries) {
  dissector_table_foreach(
      table,
      [](const char* name, ftenum_t type, gpointer key, gpointer value,
         gpointer all) {
        static_cast<std::vector<DissectorTableEntry>*>(all)->push_back(
            {name, type, key, static_cast<dtbl_entry_t*>(value)});
      },
      entries);
}

const char* ProtocolOfDissector(dissector_handle_t dissector) {
  if (dissector == nullptr) return nullptr;
  const int protocol = dissector_handle_get_protocol_index(dissector);
  return protocol < 0 ? nullptr : proto_get_protocol_filter_name(protocol);
}

}  // namespace dissectd::engine
