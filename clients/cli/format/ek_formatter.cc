// SPDX-License-Identifier: Apache-2.0

#include "clients/cli/format/ek_formatter.h"

#include <algorithm>
#include <cstdio>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/format/display_text.h"
#include "clients/cli/format/hash_order.h"
#include "clients/cli/format/raw_value.h"
#include "clients/cpp/time_text.h"

namespace dissectd::cli {
namespace {

// Elasticsearch interprets periods in names as paths.
std::string WithoutPeriods(absl::string_view name) {
  return absl::StrReplaceAll(name, {{".", "_"}});
}

}  // namespace

EkFormatter::EkFormatter(EkStyle style, OutputBuffer* out)
    : style_(std::move(style)),
      out_(out),
      json_(JsonWriter::Style::kCompact, out),
      filtering_(style_.filter.active) {
  if (!style_.fields.empty()) {
    fields_.emplace(style_.fields, style_.occurrence);
  }
}

void EkFormatter::Begin(const v1::StreamHeader& header) {
  release_ = &TsharkReleaseOf(header.wireshark_version());
  if (fields_.has_value()) fields_->Begin(header);
  for (const v1::ColumnDefinition& column : header.columns()) {
    column_names_.push_back(
        WithoutPeriods(absl::AsciiStrToLower(column.title())));
  }
}

void EkFormatter::WriteFrame(const FrameView& frame) {
  out_->Append("{\"index\":{\"_index\":\"packets-");
  AppendLocalDate(frame.seconds(), out_);
  out_->Append("\",\"_type\":\"doc\"}}\n");

  json_.BeginObject();
  json_.Name("timestamp");
  OutputBuffer* timestamp = json_.BeginValue();
  char* text = timestamp->Reserve(40);
  timestamp->Commit(
      std::snprintf(text, 40, "\"%llu%03d\"",
                    static_cast<unsigned long long>(frame.seconds()),
                    frame.nanos() / 1000000));
  if (!style_.node.empty()) {
    json_.Name("node");
    json_.String(style_.node);
  }
  if (style_.summary) {
    const int columns = std::min<int>(static_cast<int>(column_names_.size()),
                                      frame.column_count());
    for (int i = 0; i < columns; ++i) {
      json_.Name(column_names_[i]);
      json_.String(frame.column(i));
    }
  }
  if (style_.details) {
    json_.Name("layers");
    json_.BeginObject();
    if (fields_.has_value()) {
      WriteSpecifiedFields(frame);
    } else {
      WriteProtocol(frame, 0, frame.node_count(), 0);
    }
    json_.EndObject();
  }
  json_.EndObject();
  out_->Append('\n');
}

void EkFormatter::WriteSpecifiedFields(const FrameView& frame) {
  fields_->Collect(frame);
  for (size_t i = 0; i < fields_->names().size(); ++i) {
    const int count = fields_->ValueCount(i);
    if (count == 0) continue;
    json_.Name(WithoutPeriods(fields_->names()[i]));
    json_.BeginArray();
    for (int j = 0; j < count; ++j) json_.String(fields_->Value(i, j));
    json_.EndArray();
  }
}

int EkFormatter::KeyOf(const FrameView& frame, uint32_t parent, int node) {
  if (release_->ek_order_is_hashed) parent = 0;
  const auto [entry, is_new] = key_by_fields_.try_emplace(
      std::make_pair(parent, frame.node(node).field_id), 0);
  if (is_new) {
    const std::string& name = frame.field(node).name;
    const std::string joined =
        parent == 0
            ? name
            : absl::StrCat(frame.batch().FieldById(parent).name, "_", name);
    entry->second =
        key_by_name_.try_emplace(joined, static_cast<int>(key_by_name_.size()))
            .first->second;
  }
  return entry->second;
}

bool EkFormatter::FilterHas(absl::string_view name) const {
  return style_.filter.Has(name) || style_.filter.Has(WithoutPeriods(name));
}

void EkFormatter::Gather(const FrameView& frame, int begin, int end,
                         uint32_t parent, Attributes* attributes) {
  for (int node = begin; node < end; node = frame.End(node)) {
    const auto [entry, is_new] = attributes->by_key.try_emplace(
        KeyOf(frame, parent, node), attributes->in_order.size());
    if (is_new) attributes->in_order.emplace_back();
    attributes->in_order[entry->second].push_back(node);

    const Field& field = frame.field(node);
    if (field.is_protocol || !frame.HasChildren(node)) continue;
    if (filtering_ && !FilterHas(field.name)) continue;
    const bool filtering = std::exchange(
        filtering_, filtering_ && !style_.filter.include_children);
    Gather(frame, node + 1, frame.End(node), frame.node(node).field_id,
           attributes);
    filtering_ = filtering;
  }
}

void EkFormatter::WriteProtocol(const FrameView& frame, int begin, int end,
                                uint32_t parent) {
  Attributes attributes;
  Gather(frame, begin, end, parent, &attributes);
  for (const size_t index : OrderOf(frame, attributes)) {
    WriteAttribute(frame, attributes.in_order[index]);
  }
}

std::vector<size_t> EkFormatter::OrderOf(const FrameView& frame,
                                         const Attributes& attributes) const {
  if (!release_->ek_order_is_hashed) {
    std::vector<size_t> order(attributes.in_order.size());
    std::iota(order.begin(), order.end(), 0);
    return order;
  }
  std::vector<const std::string*> names;
  names.reserve(attributes.in_order.size());
  for (const Attribute& nodes : attributes.in_order) {
    names.push_back(&frame.field(nodes.front()).name);
  }
  return HashTableOrder(names);
}

void EkFormatter::WriteAttribute(const FrameView& frame,
                                 const Attribute& nodes) {
  const Node& first = frame.node(nodes.front());
  const std::string& name = frame.field(nodes.front()).ek_name;
  if (style_.raw && first.length > 0 && !first.IsText()) {
    json_.Name(name, "_raw");
    if (nodes.size() > 1) json_.BeginArray();
    for (const int node : nodes) {
      WriteRawValue(frame, frame.node(node), &json_);
    }
    if (nodes.size() > 1) json_.EndArray();
  }
  json_.Name(name);
  if (nodes.size() > 1) json_.BeginArray();
  for (const int node : nodes) {
    if (frame.field(node).is_protocol) {
      WriteProtocolNode(frame, node);
    } else {
      WriteFieldValue(frame, node);
    }
  }
  if (nodes.size() > 1) json_.EndArray();
}

void EkFormatter::WriteProtocolNode(const FrameView& frame, int node) {
  json_.BeginObject();
  const std::string& name = frame.field(node).name;
  if (filtering_ && !FilterHas(name)) {
    json_.Name("filtered");
    json_.String(name);
  } else {
    const bool filtering = std::exchange(
        filtering_, filtering_ && !style_.filter.include_children);
    WriteProtocol(frame, node + 1, frame.End(node), frame.node(node).field_id);
    filtering_ = filtering;
  }
  json_.EndObject();
}

void EkFormatter::WriteFieldValue(const FrameView& frame, int index) {
  const Field& field = frame.field(index);
  const Node& node = frame.node(index);
  if (filtering_ && !FilterHas(field.name)) {
    json_.BeginObject();
    json_.Name("filtered");
    json_.String(field.name);
    json_.EndObject();
    return;
  }
  if (node.IsText() && node.HasCustomLabel()) {
    json_.String(node.label);
    return;
  }
  switch (field.type) {
    case v1::FIELD_TYPE_NONE:
      json_.Literal("null");
      break;
    case v1::FIELD_TYPE_BOOLEAN:
      json_.Literal(node.unsigned_value != 0 ? "true" : "false");
      break;
    case v1::FIELD_TYPE_ABSOLUTE_TIME:
      scratch_.Clear();
      AppendIsoTime(node.seconds, node.nanos, &scratch_);
      json_.String(scratch_.view().substr(0, release_->longest_ek_time));
      break;
    default:
      scratch_.Clear();
      AppendJsonText(node, *release_, &scratch_);
      json_.String(scratch_.view());
      break;
  }
}

}  // namespace dissectd::cli
