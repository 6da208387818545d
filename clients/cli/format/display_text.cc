// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/display_text.h"

#include "clients/cpp/value_text.h"

namespace dissectd::cli {

void AppendDisplayText(const Node& node, const TsharkRelease& release,
                       OutputBuffer* out) {
  if (release.booleans_are_words &&
      node.field->type == v1::FIELD_TYPE_BOOLEAN) {
    out->Append(node.unsigned_value != 0 ? "True" : "False");
    return;
  }
  AppendValueText(node, out);
}

}  // namespace dissectd::cli
