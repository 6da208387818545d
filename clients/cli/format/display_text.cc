// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/display_text.h"

#include "clients/cpp/value_text.h"

namespace dissectd::cli {
namespace {

constexpr int kLongDigits = 16;

bool IsLongHex(const Field& field) {
  return HexDigits(field.type) == kLongDigits &&
         (field.display == v1::FIELD_DISPLAY_HEX ||
          field.display == v1::FIELD_DISPLAY_HEX_DEC);
}

}  // namespace

void AppendJsonText(const Node& node, const TsharkRelease& release,
                    OutputBuffer* out) {
  if (release.long_hex_has_flags && IsLongHex(*node.field)) {
    out->Append("0x");
    out->AppendHex(node.unsigned_value, kLongDigits);
    return;
  }
  AppendValueText(node, out);
}

void AppendDisplayText(const Node& node, const TsharkRelease& release,
                       OutputBuffer* out) {
  if (release.booleans_are_words &&
      node.field->type == v1::FIELD_TYPE_BOOLEAN) {
    out->Append(node.unsigned_value != 0 ? "True" : "False");
    return;
  }
  AppendJsonText(node, release, out);
}

}  // namespace dissectd::cli
