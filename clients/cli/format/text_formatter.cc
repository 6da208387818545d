// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/text_formatter.h"

namespace dissectd::cli {

void TextFormatter::Begin(const v1::StreamHeader& header) {
  columns_.emplace(header, style_.delimiter);
}

void TextFormatter::WriteFrame(const FrameView& frame) {
  if (style_.summary) columns_->Append(frame, out_);
  if (style_.details) AppendTreeText(frame, style_.tree, out_);
  if (style_.bytes) {
    if (style_.summary || style_.details) out_->Append('\n');
    AppendFrameDump(frame, style_.dump, out_);
  }
  if (style_.details || style_.bytes) {
    out_->Append(style_.separator);
    out_->Append('\n');
  }
}

}  // namespace dissectd::cli
