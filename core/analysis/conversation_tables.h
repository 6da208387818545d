// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_CONVERSATION_TABLES_H_
#define CORE_ANALYSIS_CONVERSATION_TABLES_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "core/analysis/wireshark_conversations.h"

// What the tables of conversations and those of endpoints have in common.
namespace dissectd::engine {

// A protocol for which libwireshark counts conversations and endpoints.
struct ConversationProtocol {
  // Belongs to libwireshark, and is never freed.
  register_ct_t* table;
  // The name in display filters, which is also that of the tap.
  std::string name;
  // The name that tshark prints.
  std::string title;
  bool has_ports;
  // tshark prints no ports of some protocols that have them.
  bool prints_ports;
};

// Returns all of these protocols.
std::vector<ConversationProtocol> ConversationProtocols();

// Returns what a table has seen, by descending number of frames, and then in
// the order of the capture. `Item` is conv_item_t or endpoint_item_t.
template <typename Item>
std::vector<Item*> ByFrames(const conv_hash_t& seen) {
  std::vector<Item*> items;
  if (seen.conv_array == nullptr) return items;
  for (guint i = 0; i < seen.conv_array->len; ++i) {
    items.push_back(&g_array_index(seen.conv_array, Item, i));
  }
  std::stable_sort(
      items.begin(), items.end(), [](const Item* a, const Item* b) {
        return a->rx_frames + a->tx_frames > b->rx_frames + b->tx_frames;
      });
  return items;
}

// An address, and perhaps a port, as texts.
struct EndpointText {
  // The address without and with resolved names.
  std::string address;
  std::string resolved_name;
  // The name of the port, or its number.
  std::string port_name;
};

// Returns a dissectd.v1.Endpoint. `port` is used only if the protocol has
// ports.
std::string EndpointMessage(const ConversationProtocol& protocol,
                            const address& where, uint32_t port,
                            const EndpointText& text);

// Returns the texts of an address. They depend on this process's settings of
// name resolution.
EndpointText AddressText(const address& where);

// Returns a dissectd.v1.Traffic.
std::string TrafficMessage(uint64_t frames, uint64_t bytes);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_CONVERSATION_TABLES_H_
