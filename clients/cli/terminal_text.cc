// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/terminal_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/utf8.h"

namespace dissectd::cli {
namespace {

bool IsLayout(absl::string_view character) {
  return character == "\n" || character == "\t";
}

// Returns the escape of a character; empty if it needs none. Bytes that belong
// to no character are left alone, except for those that 8-bit terminals take
// for control characters.
std::string EscapeOf(absl::string_view character) {
  const auto first = static_cast<unsigned char>(character[0]);
  const auto last = static_cast<unsigned char>(character.back());
  if (character == "\n") return "\\n";
  if (character == "\t") return "\\t";
  if (character == "\r") return "\\r";
  const bool is_single = character.size() == 1;
  if (is_single && (absl::ascii_iscntrl(first) || (first & 0xe0) == 0x80)) {
    return absl::StrFormat("\\x%02x", first);
  }
  // U+0080 to U+009F.
  if (character.size() == 2 && first == 0xc2 && last < 0xa0) {
    return absl::StrFormat("\\u%04x", last);
  }
  return std::string();
}

}  // namespace

std::string Printable(absl::string_view text, LineBreaks line_breaks) {
  std::string printable;
  while (!text.empty()) {
    const size_t length = std::max<size_t>(1, Utf8CharacterLength(text));
    const absl::string_view character = text.substr(0, length);
    text.remove_prefix(length);
    const bool keep = line_breaks == LineBreaks::kKeep && IsLayout(character);
    const std::string escape = keep ? std::string() : EscapeOf(character);
    absl::StrAppend(&printable, escape.empty() ? character : escape);
  }
  return printable;
}

}  // namespace dissectd::cli
