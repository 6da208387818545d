// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/decode_as.h"

#include <cstdint>
#include <cstdlib>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "core/base/error.h"
#include "core/base/status_macros.h"
#include "core/epan/field_names.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {
namespace {

struct NumberRange {
  uint32_t first;
  uint32_t last;
};

absl::Status Invalid(absl::string_view reason, const std::string& message,
                     const DecodeAsRule& rule) {
  return MakeError(absl::StatusCode::kInvalidArgument, message,
                   {std::string(reason),
                    {{"table", rule.table},
                     {"selector", rule.selector},
                     {"protocol", rule.protocol}},
                    {}});
}

absl::Status SelectorInvalid(const DecodeAsRule& rule) {
  return Invalid(
      "DECODE_AS_SELECTOR_INVALID",
      absl::StrCat("\"", rule.selector, "\" isn't a selector of the table \"",
                   rule.table, "\"."),
      rule);
}

// Removes a number in any of C's bases from the front of `*text`.
bool ConsumeNumber(const char** text, uint32_t* number) {
  if (**text < '0' || **text > '9') return false;
  char* end = nullptr;
  const unsigned long long value = std::strtoull(*text, &end, 0);  // NOLINT
  if (value > UINT32_MAX) return false;
  *number = static_cast<uint32_t>(value);
  *text = end;
  return true;
}

absl::StatusOr<NumberRange> ParseNumbers(const DecodeAsRule& rule) {
  const char* text = rule.selector.c_str();
  NumberRange range;
  if (!ConsumeNumber(&text, &range.first)) return SelectorInvalid(rule);
  range.last = range.first;
  if (*text == '-' || *text == ':') {
    const bool is_count = *text == ':';
    ++text;
    uint32_t number;
    if (!ConsumeNumber(&text, &number)) return SelectorInvalid(rule);
    if (is_count && (number == 0 || number - 1 > UINT32_MAX - range.first)) {
      return SelectorInvalid(rule);
    }
    range.last = is_count ? range.first + (number - 1) : number;
  }
  if (*text != '\0' || range.last < range.first) return SelectorInvalid(rule);
  return range;
}

struct HandleSearch {
  // The filter name.
  const std::string protocol;
  dissector_handle_t handle = nullptr;
};

void MatchHandle(const char*, void* value, void* user_data) {
  auto* search = static_cast<HandleSearch*>(user_data);
  if (search->handle != nullptr) return;
  const auto handle = static_cast<dissector_handle_t>(value);
  const int protocol = dissector_handle_get_protocol_index(handle);
  if (protocol < 0) return;
  const char* name = proto_get_protocol_filter_name(protocol);
  if (name != nullptr && search->protocol == name) search->handle = handle;
}

// Ranges are used for ports, which are below this limit. Without it, a client
// could keep the process busy by filling a table of 32-bit keys.
constexpr uint32_t kMaxRangeSize = 65536;

}  // namespace

SelectorKind SelectorKindOf(const char* table) {
  switch (get_dissector_table_selector_type(table)) {
    case FT_UINT8:
    case FT_UINT16:
    case FT_UINT24:
    case FT_UINT32:
      return SelectorKind::kNumber;
    case FT_STRING:
    case FT_STRINGZ:
    case FT_UINT_STRING:
    case FT_STRINGZPAD:
    case FT_STRINGZTRUNC:
      return SelectorKind::kString;
    case FT_NONE:
      return SelectorKind::kNone;
    default:
      return SelectorKind::kOther;
  }
}

absl::Status ApplyDecodeAs(const DecodeAsRule& rule) {
  const char* table = rule.table.c_str();
  if (find_dissector_table(table) == nullptr) {
    return Invalid(
        "DECODE_AS_TABLE_UNKNOWN",
        absl::StrCat("There is no dissector table \"", rule.table, "\"."),
        rule);
  }
  HandleSearch search{ResolveAlias(rule.protocol)};
  dissector_table_foreach_handle(table, MatchHandle, &search);
  if (search.handle == nullptr) {
    return Invalid("DECODE_AS_PROTOCOL_UNKNOWN",
                   absl::StrCat("The table \"", rule.table,
                                "\" has no protocol \"", rule.protocol, "\"."),
                   rule);
  }
  const SelectorKind kind = SelectorKindOf(table);
  if (kind == SelectorKind::kNumber) {
    ASSIGN_OR_RETURN(const NumberRange range, ParseNumbers(rule));
    if (range.last - range.first >= kMaxRangeSize) return SelectorInvalid(rule);
    for (uint64_t key = range.first; key <= range.last; ++key) {
      dissector_change_uint(table, static_cast<uint32_t>(key), search.handle);
    }
    return absl::OkStatus();
  }
  if (kind == SelectorKind::kString) {
    if (rule.selector.empty()) return SelectorInvalid(rule);
    dissector_change_string(table, rule.selector.c_str(), search.handle);
    return absl::OkStatus();
  }
  if (kind == SelectorKind::kNone) {
    if (!rule.selector.empty()) return SelectorInvalid(rule);
    dissector_change_payload(table, search.handle);
    return absl::OkStatus();
  }
  return SelectorInvalid(rule);
}

void ResetDecodeAs() { decode_clear_all(); }

}  // namespace dissectd::engine
