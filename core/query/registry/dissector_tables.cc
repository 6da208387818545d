// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/dissector_tables.h"

#include <protozero/pbf_builder.hpp>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/dissector_tables.h"
#include "core/epan/public_numbers.h"
#include "core/epan/wireshark.h"
#include "core/epan/wireshark_version.h"
#include "core/query/page.h"
#include "core/query/public_text.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {

using ProtocolsByTable = absl::flat_hash_map<std::string, std::string>;

std::string TableMessage(const char* name, const ProtocolsByTable& protocols) {
  std::vector<DissectorTableEntry> entries;
  AppendDissectorTableEntries(name, &entries);
  const ftenum_t type = get_dissector_table_selector_type(name);
  std::string message;
  protozero::pbf_builder<schema::DissectorTable> out(message);
  out.add_string(schema::DissectorTable::kName, PublicText(name));
  out.add_string(schema::DissectorTable::kDisplayName,
                 PublicText(get_dissector_table_ui_name(name)));
  out.add_enum(schema::DissectorTable::kSelectorType, PublicFieldType(type));
  if (IsUnsignedType(type)) {
    out.add_enum(schema::DissectorTable::kSelectorDisplay,
                 PublicFieldDisplay(get_dissector_table_param(name)));
  }
  out.add_bool(
      schema::DissectorTable::kDecodeAs,
      dissector_table_supports_decode_as(find_dissector_table(name)) != FALSE);
  out.add_uint32(schema::DissectorTable::kEntryCount,
                 static_cast<uint32_t>(entries.size()));
  const auto protocol = protocols.find(name);
  if (protocol != protocols.end()) {
    out.add_string(schema::DissectorTable::kProtocol,
                   PublicText(protocol->second.c_str()));
  }
  return message;
}

std::string GuidText(const guid_key& key) {
  const e_guid_t& guid = key.guid;
  std::string text =
      absl::StrFormat("%08x-%04x-%04x-", guid.data1, guid.data2, guid.data3);
  for (size_t i = 0; i < sizeof guid.data4; ++i) {
    absl::StrAppendFormat(&text, "%s%02x", i == 2 ? "-" : "", guid.data4[i]);
  }
  return absl::StrCat(text, " ", key.ver);
}

void AddSelector(const DissectorTableEntry& entry,
                 protozero::pbf_builder<schema::DissectorTableEntry>* out) {
  if (IsUnsignedType(entry.selector_type)) {
    out->add_uint32(schema::DissectorTableEntry::kNumber,
                    GPOINTER_TO_UINT(entry.key));
  } else if (IsTextType(entry.selector_type)) {
    out->add_string(schema::DissectorTableEntry::kText,
                    PublicText(static_cast<const char*>(entry.key)));
  } else if (entry.selector_type == FT_GUID) {
    out->add_string(schema::DissectorTableEntry::kGuid,
                    GuidText(*static_cast<const guid_key*>(entry.key)));
  }
}

std::string EntryMessage(const DissectorTableEntry& entry) {
  std::string message;
  protozero::pbf_builder<schema::DissectorTableEntry> out(message);
  out.add_string(schema::DissectorTableEntry::kTable, PublicText(entry.table));
  out.add_enum(schema::DissectorTableEntry::kSelectorType,
               PublicFieldType(entry.selector_type));
  AddSelector(entry, &out);
  const dissector_handle_t handle = dtbl_entry_get_handle(entry.value);
  if (handle != nullptr) {
    const char* protocol = ProtocolOfDissector(handle);
    if (protocol != nullptr) {
      out.add_string(schema::DissectorTableEntry::kProtocol,
                     PublicText(protocol));
    }
    out.add_string(schema::DissectorTableEntry::kDescription,
                   PublicText(dissector_handle_get_description(handle)));
  }
  out.add_bool(schema::DissectorTableEntry::kChanged,
               handle != dtbl_entry_get_initial_handle(entry.value));
  return message;
}

}  // namespace

absl::Status ListDissectorTables(const QueryContext&, absl::string_view request,
                                 SendResponse send) {
  ASSIGN_OR_RETURN(const PageRequest page,
                   ReadPageRequest<schema::ListDissectorTablesRequest>(
                       "ListDissectorTablesRequest", request));
  const std::vector<const char*> tables = DissectorTables();
  const ProtocolsByTable protocols = ProtocolsOfTables();
  return SendPage(
      schema::ListDissectorTablesResponse::kDissectorTables, page, "tables",
      tables.size(), [&](size_t i) { return tables[i]; },
      [&](size_t i) { return TableMessage(tables[i], protocols); }, send);
}

absl::Status ListDissectorTableEntries(const QueryContext&,
                                       absl::string_view request,
                                       SendResponse send) {
  PageRequest page;
  std::string table;
  RETURN_IF_ERROR(ReadRequestFields<schema::ListDissectorTableEntriesRequest>(
      "ListDissectorTableEntriesRequest", request, [&](auto* message) {
        if (ReadPageField(message, &page)) return;
        if (message->tag() ==
            schema::ListDissectorTableEntriesRequest::kTable) {
          table = Text(message);
        } else {
          message->skip();
        }
      }));
  std::vector<DissectorTableEntry> entries;
  if (table.empty()) {
    for (const char* name : DissectorTables()) {
      AppendDissectorTableEntries(name, &entries);
    }
  } else if (find_dissector_table(table.c_str()) == nullptr) {
    return MakeError(
        absl::StatusCode::kInvalidArgument,
        absl::StrCat("There is no dissector table \"", table, "\"."),
        {"DECODE_AS_TABLE_UNKNOWN", {{"table", table}}, {}});
  } else {
    AppendDissectorTableEntries(table.c_str(), &entries);
  }
  return SendPage(
      schema::ListDissectorTableEntriesResponse::kEntries, page,
      absl::StrCat("entries\n", table), entries.size(),
      [&](size_t i) { return entries[i].table; },
      [&](size_t i) { return EntryMessage(entries[i]); }, send);
}

}  // namespace dissectd::engine
