// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/query/registry/registry_messages.h"

#include <protozero/pbf_builder.hpp>

#include "core/encode/field_message.h"
#include "core/epan/registry.h"
#include "core/query/public_text.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/registry.schema.h"

namespace dissectd::engine {
namespace {

using FieldBuilder = protozero::pbf_builder<schema::Field>;

std::string ExtendedMessage(const ExtendedValueString& extended) {
  std::string message;
  protozero::pbf_builder<schema::ExtendedNamedValues> out(message);
  out.add_string(schema::ExtendedNamedValues::kName, PublicText(extended.name));
  out.add_uint32(schema::ExtendedNamedValues::kCount, extended.count);
  out.add_enum(schema::ExtendedNamedValues::kLookup,
               static_cast<int32_t>(extended.lookup));
  return message;
}

void AddValues(const NamedValues& values, FieldBuilder* out) {
  if (values.kind() == NamedValueKind::kUnspecified) return;
  out->add_enum(schema::Field::kNamedValueKind,
                static_cast<int32_t>(values.kind()));
  out->add_uint32(schema::Field::kNamedValueCount,
                  static_cast<uint32_t>(values.size()));
  if (values.extended().has_value()) {
    out->add_message(schema::Field::kExtended,
                     ExtendedMessage(*values.extended()));
  }
}

}  // namespace

std::string RegisteredFieldMessage(const header_field_info* field,
                                   const NamedValues& values) {
  std::string message = FieldMessage(field);
  FieldBuilder out(message);
  if (field->blurb != nullptr) {
    out.add_string(schema::Field::kDescription, PublicText(field->blurb));
  }
  if (field->bitmask != 0) {
    out.add_uint32(schema::Field::kBitShift,
                   static_cast<uint32_t>(hfinfo_bitshift(field)));
  }
  out.add_uint32(schema::Field::kRegistryId, PublicId(field->id));
  out.add_uint32(schema::Field::kPreviousSameNameId,
                 PublicId(field->same_name_prev_id));
  if (field->same_name_next != nullptr) {
    out.add_uint32(schema::Field::kNextSameNameId,
                   PublicId(field->same_name_next->id));
  }
  AddValues(values, &out);
  return message;
}

std::string ValueMessage(const NamedValue& value) {
  std::string message;
  protozero::pbf_builder<schema::NamedValue> out(message);
  out.add_uint64(schema::NamedValue::kValue, value.first);
  out.add_uint64(schema::NamedValue::kLastValue, value.last);
  out.add_string(schema::NamedValue::kName, PublicText(value.name));
  return message;
}

std::vector<HeuristicEntry> AllHeuristics() {
  std::vector<HeuristicEntry> entries;
  dissector_all_heur_tables_foreach_table(
      [](const char* name, heur_dissector_list*, gpointer all) {
        heur_dissector_table_foreach(
            name,
            [](const char* list, heur_dtbl_entry_t* entry, gpointer all) {
              static_cast<std::vector<HeuristicEntry>*>(all)->push_back(
                  {PublicText(list), entry});
            },
            all);
      },
      &entries, nullptr);
  return entries;
}

std::string HeuristicMessage(const HeuristicEntry& entry) {
  const heur_dtbl_entry_t& dissector = *entry.dissector;
  std::string message;
  protozero::pbf_builder<schema::HeuristicDissector> out(message);
  out.add_string(schema::HeuristicDissector::kList, entry.list);
  out.add_string(schema::HeuristicDissector::kShortName,
                 PublicText(dissector.short_name));
  out.add_string(schema::HeuristicDissector::kDisplayName,
                 PublicText(dissector.display_name));
  out.add_bool(schema::HeuristicDissector::kEnabled,
               dissector.enabled != FALSE);
  if (dissector.protocol != nullptr) {
    out.add_string(schema::HeuristicDissector::kProtocol,
                   PublicText(proto_get_protocol_filter_name(
                       proto_get_id(dissector.protocol))));
    out.add_bool(schema::HeuristicDissector::kProtocolEnabled,
                 proto_is_protocol_enabled(dissector.protocol) != FALSE);
  }
  return message;
}

ProtocolMessages::ProtocolMessages() {
  for (const HeuristicEntry& entry : AllHeuristics()) {
    heuristics_.emplace(entry.dissector->protocol, entry);
  }
}

std::string ProtocolMessages::Message(int id) const {
  const protocol_t* protocol = find_protocol_by_id(id);
  std::string message;
  protozero::pbf_builder<schema::Protocol> out(message);
  out.add_uint32(schema::Protocol::kRegistryId, PublicId(id));
  out.add_string(schema::Protocol::kName,
                 PublicText(proto_get_protocol_long_name(protocol)));
  out.add_string(schema::Protocol::kShortName,
                 PublicText(proto_get_protocol_short_name(protocol)));
  out.add_string(schema::Protocol::kFilterName,
                 PublicText(proto_get_protocol_filter_name(id)));
  out.add_bool(schema::Protocol::kEnabled,
               proto_is_protocol_enabled(protocol) != FALSE);
  out.add_bool(schema::Protocol::kEnabledByDefault,
               proto_is_protocol_enabled_by_default(protocol) != FALSE);
  out.add_bool(schema::Protocol::kCanToggle,
               proto_can_toggle_protocol(id) != FALSE);
  out.add_bool(schema::Protocol::kInNameOnly, proto_is_pino(protocol) != FALSE);
  const auto [first, last] = heuristics_.equal_range(protocol);
  for (auto entry = first; entry != last; ++entry) {
    out.add_message(schema::Protocol::kHeuristicDissectors,
                    HeuristicMessage(entry->second));
  }
  return message;
}

}  // namespace dissectd::engine
