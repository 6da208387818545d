// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/raw_value.h"

#include "clients/cpp/value_text.h"

namespace dissectd::cli {

bool AppendNodeHex(const FrameView& frame, const Node& node,
                   OutputBuffer* out) {
  if (frame.IsCutShort(node)) {
    out->Append("field length invalid!");
    return true;
  }
  const auto bytes = frame.Bytes(node);
  if (!bytes.has_value()) return false;
  out->AppendHexBytes(*bytes);
  return true;
}

void WriteRawValue(const FrameView& frame, const Node& node, JsonWriter* json) {
  const Field& field = *node.field;
  // A node without a data source has no raw value, not even an empty one.
  if (field.bitmask == 0 && node.source_number == 0 &&
      !node.Has(v1::NODE_FLAG_UNLISTED_SOURCE)) {
    return;
  }
  OutputBuffer* out = json->BeginValue();
  out->Append('"');
  if (field.bitmask != 0) {
    AppendMaskedValueHex(node, out);
  } else {
    AppendNodeHex(frame, node, out);
  }
  out->Append('"');
}

}  // namespace dissectd::cli
