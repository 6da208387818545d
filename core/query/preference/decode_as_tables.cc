// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/preference/decode_as_tables.h"

#include <algorithm>
#include <cstdint>
#include <protozero/pbf_builder.hpp>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "core/base/status_macros.h"
#include "core/base/wire_bool.h"
#include "core/epan/decode_as.h"
#include "core/epan/dissector_tables.h"
#include "core/epan/public_numbers.h"
#include "core/epan/wireshark.h"
#include "core/query/page.h"
#include "core/query/preference/options.h"
#include "core/query/public_text.h"
#include "core/request/request_reading.h"
#include "dissectd/v1/preference.schema.h"

namespace dissectd::engine {
namespace {

struct Entry {
  // The number, for a table with numbers.
  uint32_t number = 0;
  std::string selector;
  dissector_handle_t now = nullptr;
  dissector_handle_t by_default = nullptr;
};

struct Table {
  std::string name;
  SelectorKind kind;
  std::vector<Entry> entries;
};

std::string ProtocolOf(dissector_handle_t handle) {
  return PublicText(ProtocolOfDissector(handle));
}

// Formats a selector as Wireshark does: in the table's base, with all digits if
// hexadecimal.
std::string NumberText(uint32_t number, const char* table) {
  switch (get_dissector_table_param(table)) {
    case BASE_HEX:
    case BASE_HEX_DEC:
      switch (get_dissector_table_selector_type(table)) {
        case FT_UINT8:
          return absl::StrFormat("0x%02x", number);
        case FT_UINT16:
          return absl::StrFormat("0x%04x", number);
        case FT_UINT24:
          return absl::StrFormat("0x%06x", number);
        default:
          return absl::StrFormat("0x%08x", number);
      }
    case BASE_OCT:
      return absl::StrFormat("%#o", number);
    default:
      return absl::StrFormat("%u", number);
  }
}

Entry ToEntry(const DissectorTableEntry& known, SelectorKind kind) {
  Entry entry;
  entry.now = dtbl_entry_get_handle(known.value);
  entry.by_default = dtbl_entry_get_initial_handle(known.value);
  if (kind == SelectorKind::kNumber) {
    entry.number = GPOINTER_TO_UINT(known.key);
    entry.selector = NumberText(entry.number, known.table);
  } else if (kind == SelectorKind::kString) {
    entry.selector = PublicText(static_cast<const char*>(known.key));
  }
  return entry;
}

// Returns a table with its entries, or only with those that differ from the
// default.
Table ReadTable(const char* name, bool changed_only) {
  Table table{name, SelectorKindOf(name), {}};
  std::vector<DissectorTableEntry> entries;
  AppendDissectorTableEntries(name, &entries);
  for (const DissectorTableEntry& known : entries) {
    Entry entry = ToEntry(known, table.kind);
    if (changed_only && entry.now == entry.by_default) continue;
    table.entries.push_back(std::move(entry));
  }
  return table;
}

bool SupportsDecodeAs(const char* table) {
  return dissector_table_supports_decode_as(find_dissector_table(table)) !=
             FALSE &&
         SelectorKindOf(table) != SelectorKind::kOther;
}

std::vector<Table> Tables(bool changed_only) {
  std::vector<Table> tables;
  for (const char* name : DissectorTables()) {
    if (!SupportsDecodeAs(name)) continue;
    Table table = ReadTable(name, changed_only);
    if (changed_only && table.entries.empty()) continue;
    tables.push_back(std::move(table));
  }
  std::sort(tables.begin(), tables.end(),
            [](const Table& a, const Table& b) { return a.name < b.name; });
  return tables;
}

void AddProtocol(const char*, void* handle, void* user_data) {
  std::string name = ProtocolOf(static_cast<dissector_handle_t>(handle));
  if (name.empty()) return;
  static_cast<std::set<std::string>*>(user_data)->insert(std::move(name));
}

std::string EntryMessage(const Entry& entry) {
  std::string message;
  protozero::pbf_builder<schema::DecodeAsEntry> out(message);
  out.add_string(schema::DecodeAsEntry::kSelector, entry.selector);
  out.add_string(schema::DecodeAsEntry::kProtocol, ProtocolOf(entry.now));
  out.add_string(schema::DecodeAsEntry::kDefaultProtocol,
                 ProtocolOf(entry.by_default));
  out.add_bool(schema::DecodeAsEntry::kChanged, entry.now != entry.by_default);
  return message;
}

std::string TableMessage(Table table) {
  std::string message;
  protozero::pbf_builder<schema::DecodeAsTable> out(message);
  const char* name = table.name.c_str();
  out.add_string(schema::DecodeAsTable::kName, PublicText(name));
  out.add_string(schema::DecodeAsTable::kDisplayName,
                 PublicText(get_dissector_table_ui_name(name)));
  out.add_enum(schema::DecodeAsTable::kSelectorType,
               PublicFieldType(get_dissector_table_selector_type(name)));
  std::set<std::string> protocols;
  dissector_table_foreach_handle(name, AddProtocol, &protocols);
  for (const std::string& protocol : protocols) {
    out.add_string(schema::DecodeAsTable::kProtocols, protocol);
  }
  std::sort(table.entries.begin(), table.entries.end(),
            [](const Entry& a, const Entry& b) {
              return std::tie(a.number, a.selector) <
                     std::tie(b.number, b.selector);
            });
  for (const Entry& entry : table.entries) {
    out.add_message(schema::DecodeAsTable::kEntries, EntryMessage(entry));
  }
  return message;
}

}  // namespace

absl::Status ListDecodeAsTables(const QueryContext& context,
                                absl::string_view request, SendResponse send) {
  std::string bytes;
  bool changed_only = false;
  PageRequest wanted;
  RETURN_IF_ERROR(ReadRequestFields<schema::ListDecodeAsTablesRequest>(
      "ListDecodeAsTablesRequest", request, [&](auto* message) {
        switch (message->tag()) {
          case schema::ListDecodeAsTablesRequest::kOptions:
            bytes = message->get_bytes();
            break;
          case schema::ListDecodeAsTablesRequest::kChangedOnly:
            changed_only = GetBool(message);
            break;
          default:
            if (!ReadPageField(message, &wanted)) message->skip();
        }
      }));
  ASSIGN_OR_RETURN(const DissectionOptions options,
                   ParseDissectionOptions(bytes));
  RETURN_IF_ERROR(ApplyQueryOptions(context, options));
  const std::vector<Table> tables = Tables(changed_only);
  return SendPage(
      schema::ListDecodeAsTablesResponse::kTables, wanted,
      changed_only ? "changed tables" : "tables", tables.size(),
      [&](size_t i) -> absl::string_view { return tables[i].name; },
      [&](size_t i) { return TableMessage(tables[i]); }, send);
}

}  // namespace dissectd::engine
