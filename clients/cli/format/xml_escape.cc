// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/xml_escape.h"

namespace dissectd::cli {
namespace {

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
    if (entity.empty()) continue;
    out->Append(text.substr(plain, i - plain));
    out->Append(entity);
    plain = i + 1;
  }
  out->Append(text.substr(plain));
}

}  // namespace dissectd::cli
