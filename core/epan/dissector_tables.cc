// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/dissector_tables.h"

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "core/epan/printed_text.h"

namespace dissectd::engine {
namespace {

constexpr absl::string_view kNoProtocol = "(no protocol)";

}  // namespace

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

// No function returns the protocol of a table, so it is read from the report
// that libwireshark prints. The name of the table is the first part of a line,
// the protocol the last but one; between them are two or three others.
absl::flat_hash_map<std::string, std::string> ProtocolsOfTables() {
  const std::string report = PrintedText(
      [] { dissector_dump_dissector_tables(); }, AfterPrinting::kLeavesOpen);
  absl::flat_hash_map<std::string, std::string> protocols;
  for (const absl::string_view line :
       absl::StrSplit(report, '\n', absl::SkipEmpty())) {
    constexpr size_t kFewestParts = 5;
    const std::vector<absl::string_view> parts = absl::StrSplit(line, '\t');
    if (parts.size() < kFewestParts) continue;
    const absl::string_view protocol = parts[parts.size() - 2];
    if (protocol != kNoProtocol) protocols.emplace(parts.front(), protocol);
  }
  return protocols;
}

const char* ProtocolOfDissector(dissector_handle_t dissector) {
  if (dissector == nullptr) return nullptr;
  const int protocol = dissector_handle_get_protocol_index(dissector);
  return protocol < 0 ? nullptr : proto_get_protocol_filter_name(protocol);
}

}  // namespace dissectd::engine
