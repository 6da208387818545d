// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/session/coloring_rules.h"

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

}  // namespace

void LoadColoringRules() {
  char* error = nullptr;
  const bool loaded = color_filters_init(&error, nullptr) != FALSE;
  const GCharPtr owned_error(error);
  if (!loaded && error != nullptr) spdlog::warn("colouring rules: {}", error);
}

void ColoringRules::Prime(epan_dissect_t* edt) const {
  color_filters_prime_edt(edt);
}

uint32_t ColoringRules::RuleOf(epan_dissect_t* edt) {
  const color_filter_t* const rule = color_filters_colorize_packet(edt);
  if (rule == nullptr) return 0;
  const auto found = std::find(rules_.begin(), rules_.end(), rule);
  const auto index = static_cast<uint32_t>(found - rules_.begin());
  if (found == rules_.end()) {
    rules_.push_back(rule);
    messages_.push_back(RuleMessage(*rule));
  }
  return index + 1;
}

}  // namespace dissectd::engine
