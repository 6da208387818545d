// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_CONVERSATION_TEXT_H_
#define CORE_ANALYSIS_CONVERSATION_TEXT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "core/analysis/conversation_tables.h"
#include "core/analysis/wireshark_conversations.h"

// The tables of conversations as tshark prints them. The time of a start is
// written like the time column.
namespace dissectd::engine {

// Returns the line above and below each table.
std::string ConversationRule();

// Returns the lines above the rows. The filter is absent if the argument of
// the report ends with the name.
std::string ConversationHeading(const std::string& title,
                                const std::optional<std::string>& filter,
                                bool prints_ports);

// Returns an endpoint as a row has it.
std::string PrintedEndpoint(const EndpointText& endpoint, bool prints_ports);

// Returns the row of a conversation between two printed endpoints.
std::string ConversationRow(const conv_item_t& item, const std::string& a,
                            const std::string& b, bool prints_ports);

// Returns the line of a table that says which filter it has.
std::string FilterLine(const std::optional<std::string>& filter);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_CONVERSATION_TEXT_H_
