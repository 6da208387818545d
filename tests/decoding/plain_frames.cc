// SPDX-License-Identifier: GPL-2.0-or-later

#include "tests/decoding/plain_frames.h"

#include <optional>
#include <string>

#include "clients/cpp/frame_decoder.h"
#include "clients/cpp/frame_view.h"
#include "clients/cpp/label_text.h"
#include "clients/cpp/value_text.h"
#include "core/base/utf8.h"

namespace dissectd {
namespace {

constexpr int32_t kNanosPerSecond = 1'000'000'000;
// The first second of the year 1, and the last one of the year 9999.
constexpr int64_t kMinTimestamp = -62'135'596'800;
constexpr int64_t kMaxTimestamp = 253'402'300'799;

// Returns a google.protobuf.Timestamp, whose nanoseconds are never negative;
// nothing if it can't express the time.
std::optional<google::protobuf::Timestamp> TimestampOf(int64_t seconds,
                                                       int32_t nanos) {
  if (nanos <= -kNanosPerSecond || nanos >= kNanosPerSecond ||
      seconds < kMinTimestamp + (nanos < 0 ? 1 : 0) ||
      seconds > kMaxTimestamp) {
    return std::nullopt;
  }
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(nanos < 0 ? seconds - 1 : seconds);
  timestamp.set_nanos(nanos < 0 ? nanos + kNanosPerSecond : nanos);
  return timestamp;
}

void SetBytes(const Node& node, v1::PlainNode* plain) {
  switch (node.field->type) {
    case v1::FIELD_TYPE_BYTES:
    case v1::FIELD_TYPE_UINT_BYTES:
      plain->set_bytes_value(std::string(node.text));
      break;
    default:
      plain->set_address_value(ValueText(node));
      break;
  }
}

void SetUnsigned(const Node& node, v1::PlainNode* plain) {
  switch (node.field->type) {
    case v1::FIELD_TYPE_BOOLEAN:
      plain->set_bool_value(node.unsigned_value != 0);
      break;
    case v1::FIELD_TYPE_IPXNET:
    case v1::FIELD_TYPE_EUI64:
      plain->set_address_value(ValueText(node));
      break;
    default:
      if (node.value_kind == v1::VALUE_KIND_UINT32) {
        plain->set_uint32_value(static_cast<uint32_t>(node.unsigned_value));
      } else {
        plain->set_uint64_value(node.unsigned_value);
      }
      break;
  }
}

void SetValue(const Node& node, v1::PlainNode* plain) {
  switch (node.value_kind) {
    case v1::VALUE_KIND_UINT32:
    case v1::VALUE_KIND_UINT64:
      SetUnsigned(node, plain);
      break;
    case v1::VALUE_KIND_SINT32:
      plain->set_sint32_value(static_cast<int32_t>(node.signed_value));
      break;
    case v1::VALUE_KIND_SINT64:
      plain->set_sint64_value(node.signed_value);
      break;
    case v1::VALUE_KIND_DOUBLE:
      plain->set_double_value(node.double_value);
      break;
    case v1::VALUE_KIND_STRING:
      plain->set_string_value(MakeValidUtf8(node.text));
      break;
    case v1::VALUE_KIND_BYTES:
    case v1::VALUE_KIND_SOURCE_BYTES:
      SetBytes(node, plain);
      break;
    case v1::VALUE_KIND_TIME:
      if (node.field->type == v1::FIELD_TYPE_ABSOLUTE_TIME) {
        const auto time = TimestampOf(node.seconds, node.nanos);
        if (time.has_value()) *plain->mutable_time_value() = *time;
      } else {
        plain->mutable_duration_value()->set_seconds(node.seconds);
        plain->mutable_duration_value()->set_nanos(node.nanos);
      }
      break;
    default:
      break;
  }
}

v1::PlainFrame PlainFrameOf(const FrameView& frame) {
  const v1::Frame& sent = frame.frame();
  v1::PlainFrame plain;
  plain.set_number(sent.number());
  plain.set_coloring_rule(sent.coloring_rule());
  if (sent.has_time()) {
    const auto time = TimestampOf(frame.seconds(), frame.nanos());
    if (time.has_value()) *plain.mutable_time() = *time;
  }
  plain.set_captured_length(sent.captured_length());
  plain.set_original_length(sent.original_length());
  for (int i = 0; i < frame.column_count(); ++i) {
    plain.add_columns(MakeValidUtf8(frame.column(i)));
  }
  for (const Node& node : frame.occurrences()) {
    *plain.add_fields() = PlainNodeOf(node);
    plain.mutable_fields()->rbegin()->set_layer(node.layer);
  }
  // Layer 1 is the protocol `frame`, even in views that leave it out.
  uint32_t layer =
      frame.node_count() > 0 && frame.field(0).name == "frame" ? 0 : 1;
  for (int i = 0; i < frame.node_count(); ++i) {
    const Node& node = frame.node(i);
    if (node.depth == 0) ++layer;
    v1::PlainNode* added = plain.add_tree();
    *added = PlainNodeOf(node);
    added->set_depth(node.depth);
    added->set_layer(layer);
  }
  for (const v1::DataSource& source : sent.sources()) {
    v1::PlainSource* added = plain.add_sources();
    added->set_name(MakeValidUtf8(frame.batch().Text(source.name_index())));
    added->set_data(source.data());
    added->set_length(source.length());
  }
  return plain;
}

}  // namespace

v1::PlainNode PlainNodeOf(const Node& node) {
  v1::PlainNode plain;
  plain.set_name(node.field->name);
  if (node.label_form != v1::LABEL_FORM_UNSPECIFIED) {
    plain.set_label(MakeValidUtf8(LabelText(node)));
  }
  SetValue(node, &plain);
  plain.set_source_number(node.source_number);
  plain.set_start(node.start);
  plain.set_length(node.length);
  plain.set_severity(node.severity);
  plain.set_expert_group(node.expert_group);
  plain.set_hidden(node.IsHidden());
  plain.set_generated(node.Has(v1::NODE_FLAG_GENERATED));
  plain.set_children_omitted(node.Has(v1::NODE_FLAG_CHILDREN_OMITTED));
  plain.set_value_cut(node.Has(v1::NODE_FLAG_VALUE_CUT));
  return plain;
}

std::vector<v1::PlainFrame> PlainFrames(
    const std::vector<v1::DissectResponse>& messages) {
  std::vector<v1::PlainFrame> frames;
  FrameDecoder decoder;
  for (const v1::DissectResponse& message : messages) {
    for (const FrameView& frame : decoder.Decode(message.batch())) {
      frames.push_back(PlainFrameOf(frame));
    }
  }
  return frames;
}

}  // namespace dissectd
