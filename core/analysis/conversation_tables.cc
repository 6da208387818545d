// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/conversation_tables.h"

#include <cstring>
#include <protozero/pbf_builder.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "core/base/utf8.h"
#include "core/encode/message_fields.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/wireshark_version.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

bool PrintsPorts(absl::string_view title) {
  return absl::StartsWith(title, "TCP") || absl::StartsWith(title, "UDP") ||
         absl::StartsWith(title, "SCTP");
}

WsBool AddProtocol(const void*, void* table, void* user_data) {
  auto* protocols = static_cast<std::vector<ConversationProtocol>*>(user_data);
  ConversationProtocol added;
  added.table = static_cast<register_ct_t*>(table);
  const int id = get_conversation_proto_id(added.table);
  added.name = proto_get_protocol_filter_name(id);
  added.title = proto_get_protocol_short_name(find_protocol_by_id(id));
  added.has_ports = get_conversation_hide_ports(added.table) == FALSE;
  added.prints_ports = PrintsPorts(added.title);
  protocols->push_back(std::move(added));
  return FALSE;
}

// Returns what the GeoIP databases say about an address; null for nothing.
const mmdb_lookup_t* LookUpLocation(const address& where) {
  const mmdb_lookup_t* found = nullptr;
  if (where.type == AT_IPv4) {
    ws_in4_addr ipv4 = 0;
    std::memcpy(&ipv4, where.data, sizeof(ipv4));
    found = maxmind_db_lookup_ipv4(&ipv4);
  } else if (where.type == AT_IPv6) {
    ws_in6_addr ipv6 = {};
    std::memcpy(&ipv6, where.data, sizeof(ipv6));
    found = maxmind_db_lookup_ipv6(&ipv6);
  }
  return found != nullptr && found->found != FALSE ? found : nullptr;
}

void AddLocation(const address& where,
                 protozero::pbf_builder<schema::Endpoint>* endpoint) {
  const mmdb_lookup_t* const found = LookUpLocation(where);
  if (found == nullptr) return;
  protozero::pbf_builder<schema::GeoLocation> out(*endpoint,
                                                  schema::Endpoint::kLocation);
  AddText(found->country, schema::GeoLocation::kCountry, &out);
  AddText(found->country_iso, schema::GeoLocation::kCountryCode, &out);
  AddText(found->city, schema::GeoLocation::kCity, &out);
  out.add_uint32(schema::GeoLocation::kAsNumber, found->as_number);
  AddText(found->as_org, schema::GeoLocation::kAsOrganization, &out);
  if (!maxmind_db_has_coords(found)) return;
  out.add_double(schema::GeoLocation::kLatitude, found->latitude);
  out.add_double(schema::GeoLocation::kLongitude, found->longitude);
}

std::string TextOf(const address& shown, gboolean resolved) {
  // libwireshark's function doesn't change the address.
  address copy = shown;
  const WmemCharPtr text(get_conversation_address(nullptr, &copy, resolved));
  return text == nullptr ? "" : text.get();
}

}  // namespace

std::vector<ConversationProtocol> ConversationProtocols() {
  std::vector<ConversationProtocol> protocols;
  conversation_table_iterate_tables(AddProtocol, &protocols);
  return protocols;
}

EndpointText AddressText(const address& where) {
  EndpointText text;
  text.address = TextOf(where, FALSE);
  text.resolved_name = TextOf(where, TRUE);
  return text;
}

std::string EndpointMessage(const ConversationProtocol& protocol,
                            const address& where, uint32_t port,
                            const EndpointText& text) {
  std::string message;
  protozero::pbf_builder<schema::Endpoint> out(message);
  out.add_string(schema::Endpoint::kAddress, MakeValidUtf8(text.address));
  out.add_string(schema::Endpoint::kResolvedName,
                 MakeValidUtf8(text.resolved_name));
  if (protocol.has_ports) {
    out.add_uint32(schema::Endpoint::kPort, port);
    out.add_string(schema::Endpoint::kPortName, MakeValidUtf8(text.port_name));
  }
  AddLocation(where, &out);
  return message;
}

std::string TrafficMessage(uint64_t frames, uint64_t bytes) {
  std::string message;
  protozero::pbf_builder<schema::Traffic> out(message);
  out.add_uint64(schema::Traffic::kFrames, frames);
  out.add_uint64(schema::Traffic::kBytes, bytes);
  return message;
}

}  // namespace dissectd::engine
