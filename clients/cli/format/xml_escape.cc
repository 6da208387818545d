// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/xml_escape.h"

namespace dissectd::cli {
namespace {

// Returns whether the character is a control character that XML 1.0 doesn't
// allow, even as a reference. As in Wireshark, such characters are written as
// an escape that means nothing to XML.
bool IsForbidden(char c) {
  return (c >= 0 && c < 0x20 && c != '\t' && c != '\n' && c != '\r') ||
         c == 0x7f;
}

// Returns the XML entity for a character; empty if it needs none.
absl::string_view Entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#x27;";
    default:
      return {};
  }
}

}  // namespace

void AppendXmlEscaped(absl::string_view text, OutputBuffer* out) {
  size_t plain = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const absl::string_view entity = Entity(text[i]);
    const bool forbidden = IsForbidden(text[i]);
    if (entity.empty() && !forbidden) continue;
    out->Append(text.substr(plain, i - plain));
    plain = i + 1;
    if (forbidden) {
      out->Append("\\x");
      out->AppendHex(text[i], text[i] < 0x10 ? 1 : 2);
    } else {
      out->Append(entity);
    }
  }
  out->Append(text.substr(plain));
}

}  // namespace dissectd::cli
