// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/plain_encoder.h"

#include <cstring>
#include <limits>
#include <optional>
#include <utility>

#include "core/base/utf8.h"
#include "core/encode/wire.h"
#include "core/epan/field_value.h"
#include "core/epan/handles.h"
#include "core/epan/public_numbers.h"
#include "core/epan/value_visitor.h"
#include "core/epan/wireshark_version.h"
#include "dissectd/v1/dissection.schema.h"
#include "dissectd/v1/well_known.schema.h"

namespace dissectd::engine {
namespace {

using Tag = schema::PlainNode;

constexpr int64_t kNanosPerSecond = 1'000'000'000;

// The ranges that google.protobuf.Timestamp and Duration allow.
// 0001-01-01 00:00:00 UTC, and the last second of the year 9999.
constexpr int64_t kMinTimestamp = -62'135'596'800;
constexpr int64_t kMaxTimestamp = 253'402'300'799;
// About 10,000 years.
constexpr int64_t kMaxDuration = 315'576'000'000;

// `Time` is schema::Timestamp or schema::Duration.
template <typename Time>
std::string EncodeSecondsAndNanos(int64_t seconds, int64_t nanos) {
  std::string message;
  wire::AppendInt(&message, Time::kSeconds, seconds);
  wire::AppendInt(&message, Time::kNanos, nanos);
  return message;
}

// Returns a google.protobuf.Timestamp, whose nanoseconds are never negative;
// nothing if it can't express the time.
std::optional<std::string> EncodeTimestamp(const nstime_t& time) {
  int64_t seconds = time.secs;
  int64_t nanos = time.nsecs;
  if (nanos <= -kNanosPerSecond || nanos >= kNanosPerSecond ||
      seconds < kMinTimestamp || seconds > kMaxTimestamp) {
    return std::nullopt;
  }
  if (nanos < 0) {
    if (--seconds < kMinTimestamp) return std::nullopt;
    nanos += kNanosPerSecond;
  }
  return EncodeSecondsAndNanos<schema::Timestamp>(seconds, nanos);
}

// Returns a google.protobuf.Duration, whose parts have the same sign; nothing
// if it can't express the duration.
std::optional<std::string> EncodeDuration(const nstime_t& time) {
  int64_t seconds = time.secs;
  int64_t nanos = time.nsecs;
  if (nanos <= -kNanosPerSecond || nanos >= kNanosPerSecond ||
      seconds < -kMaxDuration || seconds > kMaxDuration) {
    return std::nullopt;
  }
  if (seconds > 0 && nanos < 0) {
    --seconds;
    nanos += kNanosPerSecond;
  } else if (seconds < 0 && nanos > 0) {
    ++seconds;
    nanos -= kNanosPerSecond;
  }
  return EncodeSecondsAndNanos<schema::Duration>(seconds, nanos);
}

bool IsAddress(ftenum_t type) {
  switch (type) {
    case FT_IPv4:
    case FT_IPv6:
    case FT_ETHER:
    case FT_IPXNET:
    case FT_EUI64:
    case FT_GUID:
    case FT_OID:
    case FT_REL_OID:
    case FT_AX25:
    case FT_VINES:
    case FT_SYSTEM_ID:
    case FT_FCWWN:
      return true;
    default:
      return false;
  }
}

std::string LabelOf(field_info* node) {
  if (node->rep != nullptr) return MakeValidUtf8(node->rep->representation);
  char label[ITEM_LABEL_LENGTH];
  proto_item_fill_label(node, label);
  return MakeValidUtf8(label);
}

}  // namespace

// Appends each kind of value to a PlainNode.
class PlainEncoder::ValueWriter {
 public:
  ValueWriter(ftenum_t type, uint32_t max_bytes, std::string* node)
      : type_(type), max_bytes_(max_bytes), node_(node) {}

  void operator()(NoValue) {}
  void operator()(ProtocolValue) {}
  void operator()(guint16 value) { Unsigned(value); }
  void operator()(guint32 value) { Unsigned(value); }
  void operator()(guint64 value) { Unsigned(value); }
  void operator()(gint32 value) { Signed(value); }
  void operator()(gint64 value) { Signed(value); }
  void operator()(gdouble value) {
    wire::AppendVarint(node_, wire::Tag(Tag::kDoubleValue, wire::kFixed64));
    char bytes[sizeof(value)];
    std::memcpy(bytes, &value, sizeof(value));
    node_->append(bytes, sizeof(bytes));
  }
  void operator()(const nstime_t& value) {
    const bool is_point = type_ == FT_ABSOLUTE_TIME;
    const std::optional<std::string> time =
        is_point ? EncodeTimestamp(value) : EncodeDuration(value);
    if (!time.has_value()) return;
    wire::AppendBytes(node_, is_point ? Tag::kTimeValue : Tag::kDurationValue,
                      *time);
  }
  void operator()(const wmem_strbuf_t* text) {
    absl::string_view value;
    if (text != nullptr) {
      value = {wmem_strbuf_get_str(text), wmem_strbuf_get_len(text)};
    }
    const std::string valid = MakeValidUtf8(value);
    wire::AppendBytes(node_, Tag::kStringValue,
                      TruncateUtf8(valid, max_bytes_));
    NoteCut(valid);
  }
  void operator()(ByteValue bytes) {
    const absl::string_view value = bytes.bytes;
    wire::AppendBytes(node_, Tag::kBytesValue, value.substr(0, max_bytes_));
    NoteCut(value);
  }
  // Does nothing for addresses, which are written as text instead.
  void operator()(const ipv4_addr_and_mask&) {}
  void operator()(const ipv6_addr_and_prefix&) {}
  void operator()(const e_guid_t&) {}

 private:
  void Unsigned(uint64_t value) {
    if (type_ == FT_BOOLEAN) {
      wire::AppendPresentUint(node_, Tag::kBoolValue, value != 0 ? 1 : 0);
    } else if (value <= std::numeric_limits<uint32_t>::max()) {
      wire::AppendPresentUint(node_, Tag::kUint32Value, value);
    } else {
      wire::AppendPresentUint(node_, Tag::kUint64Value, value);
    }
  }
  void Signed(int64_t value) {
    const bool narrow = value >= std::numeric_limits<int32_t>::min() &&
                        value <= std::numeric_limits<int32_t>::max();
    wire::AppendPresentUint(node_,
                            narrow ? Tag::kSint32Value : Tag::kSint64Value,
                            wire::ZigZag(value));
  }
  void NoteCut(absl::string_view value) {
    wire::AppendUint(node_, Tag::kValueCut, value.size() > max_bytes_ ? 1 : 0);
  }

  const ftenum_t type_;
  const uint32_t max_bytes_;
  std::string* node_;
};

PlainEncoder::PlainEncoder(const View& view, TreeWalk walk)
    : view_(view), walk_(std::move(walk)), sources_(view) {}

void PlainEncoder::Add(epan_dissect_t* edt, const frame_data& frame,
                       ColumnSet* columns, uint32_t coloring_rule) {
  using FrameTag = schema::PlainFrame;
  message_.clear();
  wire::AppendUint(&message_, FrameTag::kNumber, frame.num);
  if (frame.has_ts) {
    const std::optional<std::string> time = EncodeTimestamp(frame.abs_ts);
    if (time.has_value()) {
      wire::AppendBytes(&message_, FrameTag::kTime, *time);
    }
  }
  wire::AppendUint(&message_, FrameTag::kCapturedLength, frame.cap_len);
  wire::AppendUint(&message_, FrameTag::kOriginalLength, frame.pkt_len);
  if (columns != nullptr) AddColumns(columns);
  sources_.Reset(edt->pi);
  if (edt->tree != nullptr) AddNodes(edt->tree);
  if (view_.WantsTree() || view_.bytes >= ByteDetail::kFrame) AddSources();
  wire::AppendUint(&message_, FrameTag::kColoringRule, coloring_rule);
  wire::AppendBytes(&frames_, schema::PlainBatch::kFrames, message_);
}

void PlainEncoder::AddColumns(ColumnSet* columns) {
  for (size_t i = 0; i < columns->definitions().size(); ++i) {
    const char* text = columns->Text(i);
    wire::AppendBytes(&message_, schema::PlainFrame::kColumns,
                      text == nullptr ? "" : MakeValidUtf8(text));
  }
}

void PlainEncoder::AddNodes(const proto_node* root) {
  if (!view_.fields.empty()) {
    walk_.VisitFields(root, [this](const TreeNode& node) {
      BeginNode(node, view_.labels && HasLabelOnly(*node.info->hfinfo));
      EndNode(schema::PlainFrame::kFields);
    });
  }
  if (!view_.WantsTree()) return;
  walk_.VisitTree(root, [this](const TreeNode& node) {
    BeginNode(node, view_.labels);
    const auto flags = static_cast<uint32_t>(node.info->flags);
    wire::AppendUint(&node_, Tag::kDepth, node.depth);
    wire::AppendUint(&node_, Tag::kSeverity,
                     static_cast<uint64_t>(PublicSeverity(flags)));
    wire::AppendUint(&node_, Tag::kExpertGroup,
                     static_cast<uint64_t>(PublicExpertGroup(flags)));
    wire::AppendUint(&node_, Tag::kHidden, (flags & FI_HIDDEN) != 0 ? 1 : 0);
    wire::AppendUint(&node_, Tag::kGenerated,
                     (flags & FI_GENERATED) != 0 ? 1 : 0);
    wire::AppendUint(&node_, Tag::kChildrenOmitted,
                     node.children_omitted ? 1 : 0);
    EndNode(schema::PlainFrame::kTree);
  });
}

void PlainEncoder::BeginNode(const TreeNode& node, bool with_label) {
  field_info* info = node.info;
  const header_field_info& field = *info->hfinfo;
  node_.clear();
  wire::AppendText(&node_, Tag::kName, MakeValidUtf8(field.abbrev));
  wire::AppendUint(&node_, Tag::kLayer, node.layer);
  if (with_label) wire::AppendBytes(&node_, Tag::kLabel, LabelOf(info));
  if (IsAddress(field.type)) {
    const std::optional<std::string> text =
        FormatFieldValue(ValueOf(*info), FTREPR_DISPLAY, field.display);
    wire::AppendBytes(&node_, Tag::kAddressValue,
                      MakeValidUtf8(text.value_or(std::string())));
  } else {
    VisitValue(ValueOf(*info), field.type,
               ValueWriter(field.type, view_.MaxValueBytes(), &node_));
  }
  wire::AppendUint(&node_, Tag::kSourceNumber, sources_.NumberOf(info->ds_tvb));
  wire::AppendInt(&node_, Tag::kStart, info->start);
  wire::AppendInt(&node_, Tag::kLength, info->length);
}

void PlainEncoder::EndNode(schema::PlainFrame field) {
  wire::AppendBytes(&message_, field, node_);
}

void PlainEncoder::AddSources() {
  using SourceTag = schema::PlainSource;
  for (const DataSources::Source& source : sources_.sources()) {
    const WmemCharPtr name(get_data_source_name(source.handle));
    std::string message;
    wire::AppendText(&message, SourceTag::kName, MakeValidUtf8(name.get()));
    wire::AppendText(&message, SourceTag::kData, source.data);
    wire::AppendUint(&message, SourceTag::kLength, source.length);
    wire::AppendBytes(&message_, schema::PlainFrame::kSources, message);
  }
}

EncodedBatch PlainEncoder::Take() {
  EncodedBatch batch;
  batch.message = std::exchange(frames_, std::string());
  return batch;
}

}  // namespace dissectd::engine
