// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/fields_formatter.h"

#include "absl/strings/string_view.h"

namespace dissectd::cli {
namespace {

constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

// Appends a value on one line.
void AppendEscaped(absl::string_view text, OutputBuffer* out) {
  for (const char c : text) {
    switch (c) {
      case '\b':
        out->Append("\\b");
        break;
      case '\f':
        out->Append("\\f");
        break;
      case '\n':
        out->Append("\\n");
        break;
      case '\r':
        out->Append("\\r");
        break;
      case '\t':
        out->Append("\\t");
        break;
      default:
        out->Append(c);
        break;
    }
  }
}

}  // namespace

void FieldsFormatter::Begin(const v1::StreamHeader& header) {
  values_.Begin(header);
  if (style_.byte_order_mark) out_->Append(kByteOrderMark);
  if (!style_.header) return;
  bool first = true;
  for (const std::string& name : values_.names()) {
    if (!first) out_->Append(style_.separator);
    first = false;
    out_->Append(name);
  }
  out_->Append('\n');
}

void FieldsFormatter::WriteFrame(const FrameView& frame) {
  values_.Collect(frame);
  const int fields = static_cast<int>(values_.names().size());
  for (int i = 0; i < fields; ++i) {
    if (i > 0) out_->Append(style_.separator);
    const int count = values_.ValueCount(i);
    if (count == 0) continue;
    if (style_.quote != 0) out_->Append(style_.quote);
    for (int j = 0; j < count; ++j) {
      // The aggregator is part of the value, and escaped with it.
      if (j > 0) AppendEscaped({&style_.aggregator, 1}, out_);
      AppendEscaped(values_.Value(i, j), out_);
    }
    if (style_.quote != 0) out_->Append(style_.quote);
  }
  out_->Append('\n');
}

}  // namespace dissectd::cli
