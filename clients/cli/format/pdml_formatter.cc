// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/pdml_formatter.h"

#include <cstdio>
#include <ctime>
#include <utility>

#include "clients/cli/format/display_text.h"
#include "clients/cli/format/raw_value.h"
#include "clients/cli/format/xml_escape.h"
#include "clients/cpp/label_text.h"
#include "clients/cpp/time_text.h"
#include "clients/cpp/value_text.h"

namespace dissectd::cli {
namespace {

// Returns the local time as asctime writes it.
std::string Now() {
  const time_t now = time(nullptr);
  std::tm broken_down;
  char text[64];
  if (localtime_r(&now, &broken_down) == nullptr) return "Not representable";
  const size_t size =
      std::strftime(text, sizeof(text), "%a %b %e %H:%M:%S %Y", &broken_down);
  return std::string(text, size);
}

}  // namespace

PdmlFormatter::PdmlFormatter(PdmlStyle style, OutputBuffer* out)
    : style_(std::move(style)), out_(out), filtering_(style_.filter.active) {
  if (!style_.fields.empty()) {
    fields_.emplace(style_.fields, style_.occurrence);
  }
}

void PdmlFormatter::Begin(const v1::StreamHeader& header) {
  release_ = &TsharkReleaseOf(header.wireshark_version());
  colors_.Begin(header);
  if (fields_.has_value()) fields_->Begin(header);
  out_->Append(
      "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      "<?xml-stylesheet type=\"text/xsl\" href=\"pdml2html.xsl\"?>\n"
      "<!-- You can find pdml2html.xsl in ");
  out_->Append(release_->style_sheet_folder);
  out_->Append(" or at ");
  out_->Append(release_->style_sheet_address);
  out_->Append(
      ". -->\n"
      "<pdml version=\"0\" creator=\"");
  AppendXmlCreator(style_.creator, header, out_);
  out_->Append("\" time=\"");
  out_->Append(Now());
  out_->Append("\" capture_file=\"");
  AppendXmlEscaped(style_.capture_file, out_);
  out_->Append("\">\n");
}

void PdmlFormatter::WriteFrame(const FrameView& frame) {
  out_->Append("<packet");
  colors_.AppendAttributes(frame, out_);
  out_->Append(">\n");
  WriteGeneralInformation(frame);
  if (fields_.has_value()) {
    WriteSpecifiedFields(frame);
  } else {
    for (int node = 0; node < frame.node_count(); node = frame.End(node)) {
      WriteNode(frame, node, -1, 0);
    }
  }
  out_->Append("</packet>\n\n\n");
}

void PdmlFormatter::End() { out_->Append("</pdml>\n"); }

absl::optional<unsigned> PdmlFormatter::SizeOfFrameProtocol(
    const FrameView& frame) const {
  // Without a tree, the protocol is assumed to cover all captured bytes.
  if (fields_.has_value()) return frame.frame().captured_length();
  for (int i = 0; i < frame.node_count(); ++i) {
    if (frame.field(i).is_protocol && frame.field(i).name == "frame") {
      return static_cast<unsigned>(frame.node(i).length);
    }
  }
  return absl::nullopt;
}

void PdmlFormatter::WriteGeneralInformation(const FrameView& frame) {
  const absl::optional<unsigned> frame_size = SizeOfFrameProtocol(frame);
  if (!frame_size.has_value()) return;
  const unsigned size = *frame_size;
  const v1::Frame& f = frame.frame();
  const auto write_number = [&](absl::string_view name, absl::string_view title,
                                unsigned value) {
    out_->Append("    <field name=\"");
    out_->Append(name);
    out_->Append("\" pos=\"0\" show=\"");
    out_->AppendUnsigned(value);
    out_->Append("\" showname=\"");
    out_->Append(title);
    char* text = out_->Reserve(64);
    out_->Commit(std::snprintf(text, 64, "\" value=\"%x\" size=\"%d\"/>\n",
                               value, size));
  };
  out_->Append(
      "  <proto name=\"geninfo\" pos=\"0\" showname=\"General information\" "
      "size=\"");
  out_->AppendUnsigned(size);
  out_->Append("\">\n");
  write_number("num", "Number", f.number());
  write_number("len", "Frame Length", f.original_length());
  write_number("caplen", "Captured Length", f.captured_length());
  out_->Append("    <field name=\"timestamp\" pos=\"0\" show=\"");
  AppendAbsoluteTime(v1::FIELD_DISPLAY_TIME_LOCAL, frame.seconds(),
                     frame.nanos(), out_);
  char* text = out_->Reserve(128);
  out_->Commit(std::snprintf(
      text, 128,
      "\" showname=\"Captured Time\" value=\"%d.%09d\" size=\"%u\"/>\n",
      static_cast<int>(frame.seconds()), frame.nanos(), size));
  out_->Append("  </proto>\n");
}

void PdmlFormatter::WriteSpecifiedFields(const FrameView& frame) {
  fields_->Collect(frame);
  for (size_t i = 0; i < fields_->names().size(); ++i) {
    for (int j = 0; j < fields_->ValueCount(i); ++j) {
      out_->Append("  <field name=\"");
      out_->Append(fields_->names()[i]);
      out_->Append("\" value=\"");
      AppendXmlEscaped(fields_->Value(i, j), out_);
      out_->Append("\"/>\n");
    }
  }
}

void PdmlFormatter::Indent(int level) {
  out_->Append(static_cast<size_t>(level) * 2, ' ');
}

void PdmlFormatter::WriteNode(const FrameView& frame, int node, int parent,
                              int level) {
  const Field& field = frame.field(node);
  // The schema has only protocols at the top.
  const bool wrap =
      level == 0 && (!field.is_protocol || field.is_data_protocol);
  Indent(level + 1);
  if (wrap) {
    out_->Append("<proto name=\"fake-field-wrapper\">\n");
    ++level;
    Indent(level + 1);
  }
  WriteStartTag(frame, node, parent);
  if (frame.IsParent(node)) {
    WriteChildren(frame, node, level);
    // The wrapper and what it wraps close at the same depth.
    const int close = wrap ? level - 1 : level;
    Indent(close + 1);
    const bool is_proto = field.is_protocol && !field.is_data_protocol &&
                          !field.is_expert_protocol;
    out_->Append(is_proto ? "</proto>\n" : "</field>\n");
  }
  if (wrap) {
    Indent(level);
    out_->Append("</proto>\n");
  }
}

void PdmlFormatter::WriteStartTag(const FrameView& frame, int node,
                                  int parent) {
  const Field& field = frame.field(node);
  const Node& n = frame.node(node);
  const absl::string_view end = frame.IsParent(node) ? "\">\n" : "\"/>\n";
  if (n.IsText()) {
    out_->Append("<field name=\"\" show=\"");
    AppendXmlEscaped(LabelText(n, &label_), out_);
    WriteExtent(frame, node, parent);
    if (n.length > 0) {
      out_->Append("\" value=\"");
      AppendNodeHex(frame, n, out_);
    }
    out_->Append(end);
    return;
  }
  if (field.is_data_protocol) {
    out_->Append("<field name=\"data\" value=\"");
    AppendNodeHex(frame, n, out_);
    out_->Append("\">\n");
    return;
  }
  out_->Append(field.is_protocol && !field.is_expert_protocol
                   ? "<proto name=\""
                   : "<field name=\"");
  AppendXmlEscaped(field.name, out_);
  out_->Append("\" showname=\"");
  AppendXmlEscaped(LabelText(n, &label_), out_);
  if (n.IsHidden() && !style_.show_hidden) {
    out_->Append("\" hide=\"yes");
  }
  WriteExtent(frame, node, parent);
  WriteValueAttributes(frame, node);
  out_->Append(end);
}

void PdmlFormatter::WriteExtent(const FrameView& frame, int node, int parent) {
  const Node& n = frame.node(node);
  out_->Append("\" size=\"");
  out_->AppendSigned(n.length);
  out_->Append("\" pos=\"");
  // If a node starts before its parent, it is in another data source, and its
  // position is treated as relative to the parent.
  int64_t position = n.start;
  if (parent >= 0 && n.start < frame.node(parent).start) {
    position += frame.node(parent).start;
  }
  out_->AppendSigned(position);
}

void PdmlFormatter::WriteValueAttributes(const FrameView& frame, int node) {
  const Field& field = frame.field(node);
  const Node& n = frame.node(node);
  if (field.is_protocol) return;
  if (field.type == v1::FIELD_TYPE_NONE) {
    out_->Append("\" show=\"\" value=\"");
    return;
  }
  out_->Append("\" show=\"");
  scratch_.Clear();
  AppendDisplayText(n, *release_, &scratch_);
  AppendXmlEscaped(scratch_.view(), out_);
  if (n.length <= 0) return;
  out_->Append("\" value=\"");
  if (field.bitmask != 0) {
    AppendMaskedValueHex(n, out_);
    out_->Append("\" unmaskedvalue=\"");
  }
  AppendNodeHex(frame, n, out_);
}

void PdmlFormatter::WriteChildren(const FrameView& frame, int node, int level) {
  const std::string& name = frame.field(node).name;
  if (filtering_ && !style_.filter.Has(name)) {
    Indent(level + 2);
    out_->Append("<field name=\"filtered\" value=\"");
    AppendXmlEscaped(name, out_);
    out_->Append("\" />\n");
    return;
  }
  const bool filtering =
      std::exchange(filtering_, filtering_ && !style_.filter.include_children);
  for (int child = node + 1; child < frame.End(node);
       child = frame.End(child)) {
    WriteNode(frame, child, node, level + 1);
  }
  filtering_ = filtering;
}

}  // namespace dissectd::cli
