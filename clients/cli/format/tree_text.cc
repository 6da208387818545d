// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/tree_text.h"

#include <algorithm>

#include "clients/cli/format/hex_dump.h"
#include "clients/cpp/label_text.h"

namespace dissectd::cli {
namespace {

constexpr uint32_t kIndent = 4;
// Deeper nodes are not indented further.
constexpr uint32_t kMaxIndent = 160;

}  // namespace

void AppendTreeText(const FrameView& frame, const TreeTextStyle& style,
                    OutputBuffer* out) {
  OutputBuffer scratch;
  int i = 0;
  while (i < frame.node_count()) {
    const Node& node = frame.node(i);
    if (node.IsHidden() && !style.show_hidden) {
      i = frame.End(i);
      continue;
    }
    const bool generated = node.Has(v1::NODE_FLAG_GENERATED);
    out->Append(std::min(node.depth * kIndent, kMaxIndent), ' ');
    if (generated) out->Append('[');
    const Field& field = frame.field(i);
    out->Append(LabelText(node, &scratch));
    out->Append(generated ? "]\n" : "\n");

    if (style.only_some_protocols && node.depth == 0 &&
        !style.protocols.contains(field.name)) {
      i = frame.End(i);
      continue;
    }
    if (field.is_data_protocol && style.dump_data) {
      const auto bytes = frame.Bytes(node);
      if (bytes.has_value()) {
        out->Append('\n');
        AppendHexDump(*bytes, frame.frame().encoding(),
                      HexDumpStyle::Text::kInclude, out);
      }
    }
    ++i;
  }
}

}  // namespace dissectd::cli
