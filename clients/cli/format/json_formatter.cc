// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/json_formatter.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "clients/cli/format/display_text.h"
#include "clients/cli/format/raw_value.h"
#include "clients/cpp/label_text.h"
#include "clients/cpp/time_text.h"
#include "clients/cpp/value_text.h"

namespace dissectd::cli {

JsonFormatter::JsonFormatter(JsonStyle style, OutputBuffer* out)
    : style_(std::move(style)),
      out_(out),
      json_(JsonWriter::Style::kIndented, out),
      filtering_(style_.filter.active) {
  if (!style_.fields.empty()) {
    fields_.emplace(style_.fields, style_.occurrence);
  }
}

void JsonFormatter::Begin(const v1::StreamHeader& header) {
  release_ = &TsharkReleaseOf(header.wireshark_version());
  if (fields_.has_value()) fields_->Begin(header);
  json_.BeginArray();
}

void JsonFormatter::WriteFrame(const FrameView& frame) {
  json_.BeginObject();
  json_.Name("_index");
  OutputBuffer* index = json_.BeginValue();
  index->Append("\"packets-");
  AppendLocalDate(frame.seconds(), index);
  index->Append('"');
  json_.Name("_type");
  json_.String("doc");
  json_.Name("_score");
  json_.Literal("null");
  json_.Name("_source");
  json_.BeginObject();
  json_.Name("layers");
  if (fields_.has_value()) {
    WriteSpecifiedFields(frame);
  } else {
    WriteNodes(frame, 0, frame.node_count());
  }
  json_.EndObject();
  json_.EndObject();
}

void JsonFormatter::End() {
  json_.EndArray();
  out_->Append('\n');
}

void JsonFormatter::WriteSpecifiedFields(const FrameView& frame) {
  fields_->Collect(frame);
  json_.BeginObject();
  for (size_t i = 0; i < fields_->names().size(); ++i) {
    const int count = fields_->ValueCount(i);
    if (count == 0) continue;
    json_.Name(fields_->names()[i]);
    json_.BeginArray();
    for (int j = 0; j < count; ++j) json_.String(fields_->Value(i, j));
    json_.EndArray();
  }
  json_.EndObject();
}

absl::string_view JsonFormatter::KeyOf(const FrameView& frame, int node) const {
  // A node without a field is named by its label.
  return frame.node(node).IsText() ? frame.node(node).label
                                   : absl::string_view(frame.field(node).name);
}

void JsonFormatter::WriteNodes(const FrameView& frame, int begin, int end) {
  json_.BeginObject();
  if (!style_.merge_duplicates) {
    for (int node = begin; node < end; node = frame.End(node)) {
      WriteGroup(frame, Group(&node, 1));
    }
  } else {
    std::vector<std::vector<int>> groups;
    absl::flat_hash_map<absl::string_view, size_t> group_by_key;
    for (int node = begin; node < end; node = frame.End(node)) {
      const auto [group, is_new] =
          group_by_key.try_emplace(KeyOf(frame, node), groups.size());
      if (is_new) groups.emplace_back();
      groups[group->second].push_back(node);
    }
    for (const std::vector<int>& group : groups) WriteGroup(frame, group);
  }
  json_.EndObject();
}

void JsonFormatter::WriteGroup(const FrameView& frame, Group group) {
  // The first node of the group determines the form.
  const Node& first = frame.node(group.front());
  const bool is_text = first.IsText();
  const bool has_value = HasValueText(frame.field(group.front()).type);
  bool has_children = false;
  for (const int node : group) has_children |= frame.IsParent(node);

  if (style_.raw && (!style_.text || first.length > 0) && !is_text) {
    WriteMember(frame, group, "_raw", &JsonFormatter::WriteRaw);
  }
  if (style_.text && has_value) {
    WriteMember(frame, group, "", &JsonFormatter::WriteValue);
  }
  if (has_children) {
    const absl::string_view suffix = has_value ? "_tree" : "";
    if (filtering_ && !style_.filter.Has(KeyOf(frame, group.front()))) {
      WriteMember(frame, group, suffix, &JsonFormatter::WriteFiltered);
    } else {
      const bool filtering = std::exchange(
          filtering_, filtering_ && !style_.filter.include_children);
      WriteMember(frame, group, suffix, &JsonFormatter::WriteChildren);
      filtering_ = filtering;
    }
  }
  if (!has_value && !has_children && (style_.text || (style_.raw && is_text))) {
    WriteMember(frame, group, "", &JsonFormatter::WriteWithoutValue);
  }
}

void JsonFormatter::WriteMember(const FrameView& frame, Group group,
                                absl::string_view suffix, NodeWriter writer) {
  json_.Name(KeyOf(frame, group.front()), suffix);
  if (group.size() == 1) {
    (this->*writer)(frame, group.front());
    return;
  }
  json_.BeginArray();
  for (const int node : group) (this->*writer)(frame, node);
  json_.EndArray();
}

void JsonFormatter::WriteValue(const FrameView& frame, int node) {
  scratch_.Clear();
  AppendJsonText(frame.node(node), *release_, &scratch_);
  json_.String(scratch_.view());
}

void JsonFormatter::WriteRaw(const FrameView& frame, int node) {
  const Node& n = frame.node(node);
  const Field& field = frame.field(node);
  json_.BeginArray();
  WriteRawValue(frame, n, &json_);
  json_.BeginValue()->AppendSigned(n.start);
  json_.BeginValue()->AppendSigned(n.length);
  json_.BeginValue()->AppendUnsigned(field.bitmask);
  json_.BeginValue()->AppendUnsigned(field.type_number);
  json_.EndArray();
}

void JsonFormatter::WriteFiltered(const FrameView& frame, int node) {
  json_.BeginObject();
  json_.Name("filtered");
  json_.String(KeyOf(frame, node));
  json_.EndObject();
}

void JsonFormatter::WriteWithoutValue(const FrameView& frame, int node) {
  json_.String(frame.field(node).is_protocol
                   ? LabelText(frame.node(node), &scratch_)
                   : absl::string_view());
}

void JsonFormatter::WriteChildren(const FrameView& frame, int node) {
  if (frame.HasChildren(node)) {
    WriteNodes(frame, node + 1, frame.End(node));
  } else {
    WriteWithoutValue(frame, node);
  }
}

}  // namespace dissectd::cli
