// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/psml_formatter.h"

#include "absl/strings/string_view.h"
#include "clients/cli/format/xml_escape.h"

namespace dissectd::cli {
namespace {

void AppendSection(absl::string_view text, OutputBuffer* out) {
  out->Append("<section>");
  AppendXmlEscaped(text, out);
  out->Append("</section>\n");
}

}  // namespace

void PsmlFormatter::Begin(const v1::StreamHeader& header) {
  colors_.Begin(header);
  out_->Append(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<psml version=\"0\" creator=\"");
  AppendXmlCreator(creator_, header, out_);
  out_->Append("\">\n<structure>\n");
  for (const v1::ColumnDefinition& column : header.columns()) {
    AppendSection(column.title(), out_);
  }
  out_->Append("</structure>\n\n");
}

void PsmlFormatter::WriteFrame(const FrameView& frame) {
  out_->Append("<packet");
  colors_.AppendAttributes(frame, out_);
  out_->Append(">\n");
  for (int i = 0; i < frame.column_count(); ++i) {
    AppendSection(frame.column(i), out_);
  }
  out_->Append("</packet>\n\n");
}

void PsmlFormatter::End() { out_->Append("</psml>\n"); }

}  // namespace dissectd::cli
