// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/label_text.h"

#include "clients/cpp/value_text.h"

namespace dissectd {
namespace {

void AppendDecimal(uint64_t value, OutputBuffer* out) {
  out->AppendUnsigned(value);
}

void AppendHexadecimal(v1::FieldType type, uint64_t value, OutputBuffer* out) {
  out->Append("0x");
  out->AppendHex(value, HexDigits(type));
}

void AppendDerivedNumber(const Field& field, uint64_t value,
                         OutputBuffer* out) {
  switch (field.display) {
    case v1::FIELD_DISPLAY_HEX:
      AppendHexadecimal(field.type, value, out);
      break;
    case v1::FIELD_DISPLAY_HEX_DEC:
      AppendHexadecimal(field.type, value, out);
      out->Append(" (");
      AppendDecimal(value, out);
      out->Append(')');
      break;
    case v1::FIELD_DISPLAY_DEC_HEX:
      AppendDecimal(value, out);
      out->Append(" (");
      AppendHexadecimal(field.type, value, out);
      out->Append(')');
      break;
    default:
      AppendDecimal(value, out);
      break;
  }
}

// Numbers in labels have the field's display, even if values show only half of
// it.
void AppendDerivedValue(const Node& node, OutputBuffer* out) {
  if (node.value_kind == v1::VALUE_KIND_UINT32) {
    AppendDerivedNumber(*node.field, node.unsigned_value, out);
    return;
  }
  AppendValueText(node, out);
  if (node.value_kind == v1::VALUE_KIND_TIME) out->Append(" seconds");
}

}  // namespace

absl::string_view LabelText(const Node& node, OutputBuffer* scratch) {
  if (node.label_form != v1::LABEL_FORM_DERIVED) return node.label;
  if (node.value_kind == v1::VALUE_KIND_UNSPECIFIED) {
    return node.field->display_name;
  }
  scratch->Clear();
  scratch->Append(node.field->display_name);
  scratch->Append(": ");
  AppendDerivedValue(node, scratch);
  scratch->Append(node.label);
  return scratch->view();
}

std::string LabelText(const Node& node) {
  OutputBuffer scratch;
  return std::string(LabelText(node, &scratch));
}

}  // namespace dissectd
