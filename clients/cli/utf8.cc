// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/utf8.h"

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace dissectd::cli {
namespace {

// The properties of a character that follow from its first byte.
struct Lead {
  uint8_t first;
  uint8_t last;
  size_t length;
  // The range of the second byte, which rules out overlong forms, surrogates
  // and numbers beyond Unicode.
  uint8_t second_min;
  uint8_t second_max;
};

constexpr Lead kLeads[] = {
    {0x00, 0x7f, 1, 0, 0},       {0xc2, 0xdf, 2, 0x80, 0xbf},
    {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf},
    {0xf4, 0xf4, 4, 0x80, 0x8f},
};

uint8_t ByteAt(absl::string_view text, size_t place) {
  return static_cast<uint8_t>(text[place]);
}

}  // namespace

size_t Utf8CharacterLength(absl::string_view text) {
  const uint8_t first = ByteAt(text, 0);
  for (const Lead& lead : kLeads) {
    if (first < lead.first || first > lead.last) continue;
    if (lead.length == 1) return 1;
    if (text.size() < lead.length) return 0;
    const uint8_t second = ByteAt(text, 1);
    if (second < lead.second_min || second > lead.second_max) return 0;
    for (size_t i = 2; i < lead.length; ++i) {
      if ((ByteAt(text, i) & 0xc0) != 0x80) return 0;
    }
    return lead.length;
  }
  return 0;
}

bool IsValidUtf8(absl::string_view text) {
  while (!text.empty()) {
    const size_t length = Utf8CharacterLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

void AssignText(absl::string_view text, std::string* as_string,
                std::string* as_bytes) {
  std::string* field = IsValidUtf8(text) ? as_string : as_bytes;
  field->assign(text.data(), text.size());
}

std::string ReplaceInvalidUtf8(absl::string_view text) {
  std::string valid;
  while (!text.empty()) {
    const size_t length = Utf8CharacterLength(text);
    absl::StrAppend(&valid,
                    length == 0 ? "\xef\xbf\xbd" : text.substr(0, length));
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return valid;
}

}  // namespace dissectd::cli
