// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/coloring_rules.h"

#include <algorithm>

#include "core/base/utf8.h"
#include "core/encode/wire.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "dissectd/v1/dissection.schema.h"
#include "spdlog/spdlog.h"

namespace dissectd::engine {
namespace {

// Returns the colour as 0xRRGGBB. libwireshark's channels have 16 bits.
uint32_t Rgb(const color_t& color) {
  return static_cast<uint32_t>(color.red >> 8) << 16 |
         static_cast<uint32_t>(color.green >> 8) << 8 |
         static_cast<uint32_t>(color.blue >> 8);
}

std::string RuleMessage(const color_filter_t& rule) {
  std::string message;
  wire::AppendText(&message, schema::ColoringRule::kName,
                   MakeValidUtf8(rule.filter_name));
  wire::AppendText(&message, schema::ColoringRule::kFilter,
                   MakeValidUtf8(rule.filter_text));
  wire::AppendUint(&message, schema::ColoringRule::kForeground,
                   Rgb(rule.fg_color));
  wire::AppendUint(&message, schema::ColoringRule::kBackground,
                   Rgb(rule.bg_color));
  return message;
}

// Adds a copy of a rule, which this owns, to a list of messages.
void AddRule(color_filter_t* rule, gpointer messages) {
  if (rule->disabled == FALSE) {
    static_cast<std::vector<std::string>*>(messages)->push_back(
        RuleMessage(*rule));
  }
  color_filter_delete(rule);
}

}  // namespace

void LoadColoringRules() {
  char* error = nullptr;
  const bool loaded = color_filters_init(&error, nullptr) != FALSE;
  const GCharPtr owned_error(error);
  if (!loaded && error != nullptr) spdlog::warn("colouring rules: {}", error);
}

ColoringRules::ColoringRules() { color_filters_clone(&messages_, AddRule); }

uint32_t ColoringRules::NumberOf(const frame_data& frame) {
  if (frame.color_filter == nullptr) return 0;
  const auto [entry, is_new] = numbers_.try_emplace(frame.color_filter, 0);
  if (is_new) {
    // The list has copies of libwireshark's rules. Equal ones look the same.
    const auto found = std::find(messages_.begin(), messages_.end(),
                                 RuleMessage(*frame.color_filter));
    entry->second = found == messages_.end()
                        ? 0
                        : static_cast<uint32_t>(found - messages_.begin()) + 1;
  }
  return entry->second;
}

}  // namespace dissectd::engine
