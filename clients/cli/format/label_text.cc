// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/label_text.h"

#include "clients/cli/format/value_text.h"

namespace dissectd::cli {
namespace {

void AppendDecimal(uint64_t value, OutputBuffer* out) {
  out->AppendUnsigned(value);
}

void AppendHexadecimal(v1::FieldType type, uint64_t value, OutputBuffer* out) {
  out->Append("0x");
  out->AppendHex(value, HexDigits(type));
}

void AppendPlainNumber(const Field& field, uint64_t value, OutputBuffer* out) {
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

// Numbers are in labels as their display says, of which values show one half.
void AppendPlainValue(const Field& field, const v1::Node& node,
                      const BatchView& batch, OutputBuffer* out) {
  if (node.value_case() == v1::Node::kUnsignedValue) {
    AppendPlainNumber(field, node.unsigned_value(), out);
    return;
  }
  AppendValueText(field, node, batch, out);
  if (node.has_time_value()) out->Append(" seconds");
}

}  // namespace

absl::string_view LabelText(const Field& field, const v1::Node& node,
                            const BatchView& batch, OutputBuffer* scratch) {
  if ((node.flags() & v1::NODE_FLAG_PLAIN_LABEL) == 0) {
    return batch.Text(node.label());
  }
  scratch->Clear();
  scratch->Append(field.display_name);
  scratch->Append(": ");
  AppendPlainValue(field, node, batch, scratch);
  return scratch->view();
}

}  // namespace dissectd::cli
