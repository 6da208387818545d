// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/text_formatter.h"

#include "absl/strings/string_view.h"

namespace dissectd::cli {

void TextFormatter::Begin(const v1::StreamHeader& header) {
  columns_.emplace(header, style_.delimiter);
  if (style_.colors) colors_.Begin(header);
}

void TextFormatter::AppendSummary(const FrameView& frame) {
  const bool colored = colors_.AppendToTerminal(frame, out_);
  columns_->Append(frame, out_);
  if (!colored) return;
  // The background reaches to the end of the terminal's line.
  constexpr absl::string_view kRestOfLine = "\x1b[K";
  out_->Truncate(out_->size() - 1);
  out_->Append(kRestOfLine);
  out_->Append('\n');
  out_->Append(kDefaultColors);
}

void TextFormatter::WriteFrame(const FrameView& frame) {
  if (style_.summary) AppendSummary(frame);
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
