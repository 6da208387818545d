// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/node_list_encoder.h"

#include <limits>

#include "core/base/utf8.h"
#include "core/epan/public_numbers.h"
#include "core/epan/value_bytes.h"
#include "core/epan/value_visitor.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

using schema::NodeFlag;
using schema::ValueKind;

constexpr uint32_t Bit(NodeFlag flag) { return static_cast<uint32_t>(flag); }

// Shorter values are written again, as that costs less than another template.
constexpr size_t kMinSourceBytes = 16;

template <typename Narrow, typename Wide>
bool Fits(Wide value) {
  return value >= std::numeric_limits<Narrow>::min() &&
         value <= std::numeric_limits<Narrow>::max();
}

// Returns the flags that are valid in every tree.
uint32_t FlagsOfField(const field_info& node, uint32_t source_number) {
  uint32_t flags = 0;
  if (node.hfinfo->id == hf_text_only) flags |= Bit(NodeFlag::kText);
  if (source_number == 0 && node.ds_tvb != nullptr) {
    flags |= Bit(NodeFlag::kUnlistedSource);
  }
  return flags;
}

// Returns the flags that are valid only in visible trees. In other trees
// libwireshark hides every node, and properties that dissectors set for nodes
// that aren't created go to their parents.
uint32_t FlagsInTree(const TreeNode& node) {
  uint32_t flags = 0;
  if (node.info->flags & FI_HIDDEN) flags |= Bit(NodeFlag::kHidden);
  if (node.info->flags & FI_GENERATED) flags |= Bit(NodeFlag::kGenerated);
  if (node.info->flags & FI_URL) flags |= Bit(NodeFlag::kUrl);
  if (node.children_omitted) flags |= Bit(NodeFlag::kChildrenOmitted);
  return flags;
}

}  // namespace

// Adds each kind of value to its array, and sets the kind in the template.
class NodeListEncoder::ValueWriter {
 public:
  ValueWriter(NodeListEncoder* encoder, NodeTemplate* node)
      : encoder_(encoder), node_(node) {}

  void operator()(NoValue) {}
  void operator()(ProtocolValue) {}
  void operator()(guint16 value) { Unsigned(value); }
  void operator()(guint32 value) { Unsigned(value); }
  void operator()(guint64 value) { Unsigned(value); }
  void operator()(gint32 value) { Signed(value); }
  void operator()(gint64 value) { Signed(value); }
  void operator()(gdouble value) {
    Set(ValueKind::kDouble);
    encoder_->doubles_.AddDouble(value);
  }
  void operator()(const nstime_t& value) {
    Set(ValueKind::kTime);
    encoder_->seconds_.AddSint(value.secs);
    encoder_->nanos_.AddSint(value.nsecs);
  }
  void operator()(const wmem_strbuf_t* text) {
    Set(ValueKind::kString);
    absl::string_view value;
    if (text != nullptr) {
      value = {wmem_strbuf_get_str(text), wmem_strbuf_get_len(text)};
    }
    encoder_->string_indexes_.AddUint(
        encoder_->tables_->strings.Add(encoder_->Cut(value, node_)));
  }
  void operator()(const ipv4_addr_and_mask& value) {
    char bytes[FT_IPv4_LEN];
    PutBigEndian(value.addr, FT_IPv4_LEN, bytes);
    Address({bytes, sizeof(bytes)});
  }
  void operator()(const ipv6_addr_and_prefix& value) {
    Address({reinterpret_cast<const char*>(value.addr.bytes),
             sizeof(value.addr.bytes)});
  }
  void operator()(const e_guid_t& value) {
    const GuidBytes bytes = BytesOfGuid(value);
    Address({bytes.data(), bytes.size()});
  }
  void operator()(ByteValue bytes) {
    const absl::string_view value = bytes.bytes;
    encoder_->AddBytes(value, node_);
  }

 private:
  void Set(ValueKind kind) { node_->value_kind = static_cast<uint8_t>(kind); }
  void Unsigned(uint64_t value) {
    if (Fits<uint32_t>(value)) {
      Set(ValueKind::kUint32);
      encoder_->uint32s_.AddUint(value);
    } else {
      Set(ValueKind::kUint64);
      encoder_->uint64s_.AddUint(value);
    }
  }
  void Signed(int64_t value) {
    if (Fits<int32_t>(value)) {
      Set(ValueKind::kSint32);
      encoder_->sint32s_.AddSint(value);
    } else {
      Set(ValueKind::kSint64);
      encoder_->sint64s_.AddSint(value);
    }
  }
  // Addresses are never cut off.
  void Address(absl::string_view bytes) {
    Set(ValueKind::kBytes);
    encoder_->byte_string_indexes_.AddUint(
        encoder_->tables_->byte_strings.Add(bytes));
  }

  NodeListEncoder* encoder_;
  NodeTemplate* node_;
};

absl::string_view NodeListEncoder::Cut(absl::string_view value,
                                       NodeTemplate* node) const {
  if (value.size() <= max_value_bytes_) return value;
  node->flags |= Bit(NodeFlag::kValueCut);
  return TruncateUtf8(value, max_value_bytes_);
}

void NodeListEncoder::AddBytes(absl::string_view value, NodeTemplate* node) {
  if (value.size() >= kMinSourceBytes && value == source_bytes_) {
    node->value_kind = static_cast<uint8_t>(ValueKind::kSourceBytes);
    return;
  }
  node->value_kind = static_cast<uint8_t>(ValueKind::kBytes);
  if (value.size() > max_value_bytes_) {
    node->flags |= Bit(NodeFlag::kValueCut);
    value = value.substr(0, max_value_bytes_);
  }
  byte_string_indexes_.AddUint(tables_->byte_strings.Add(value));
}

void NodeListEncoder::Add(const TreeNode& tree_node, const DataSources& sources,
                          bool with_label, NodeTemplate* node) {
  field_info* info = tree_node.info;
  node->field_id = fields_->IdOf(info->hfinfo);
  node->start_change =
      static_cast<int32_t>(static_cast<uint32_t>(info->start) -
                           static_cast<uint32_t>(previous_start_));
  previous_start_ = info->start;
  node->length = info->length;
  node->source_number = sources.NumberOf(info->ds_tvb);
  node->flags |= FlagsOfField(*info, node->source_number);
  if (with_label) {
    const EncodedLabel label = labels_.Encode(info);
    node->label_form = static_cast<uint8_t>(label.form);
    if (label.form == schema::LabelForm::kDerived) {
      node->label_suffix_index = label.index;
    } else {
      label_indexes_.AddUint(label.index);
    }
  }
  source_bytes_ = sources.SentBytes(*info, node->source_number);
  VisitValue(ValueOf(*info), info->hfinfo->type, ValueWriter(this, node));
  templates_.AddUint(tables_->templates.Add(*node));
}

void NodeListEncoder::AddTreeNode(const TreeNode& tree_node,
                                  const DataSources& sources, bool with_label) {
  NodeTemplate node;
  node.depth = tree_node.depth;
  node.flags = FlagsInTree(tree_node);
  const auto info_flags = static_cast<uint32_t>(tree_node.info->flags);
  node.severity = static_cast<uint8_t>(PublicSeverity(info_flags));
  node.expert_group = static_cast<uint8_t>(PublicExpertGroup(info_flags));
  Add(tree_node, sources, with_label, &node);
}

void NodeListEncoder::AddOccurrence(const TreeNode& tree_node,
                                    const DataSources& sources,
                                    bool with_label) {
  NodeTemplate node;
  Add(tree_node, sources, with_label, &node);
  layers_.AddUint(tree_node.layer);
}

void NodeListEncoder::MoveTo(schema::Frame field, std::string* message) {
  using Tag = schema::NodeList;
  previous_start_ = 0;
  if (templates_.SizeBytes() == 0) return;
  message_.clear();
  templates_.MoveTo(Tag::kTemplateIndexes, &message_);
  layers_.MoveTo(Tag::kLayers, &message_);
  label_indexes_.MoveTo(Tag::kLabelIndexes, &message_);
  uint32s_.MoveTo(Tag::kUint32Values, &message_);
  uint64s_.MoveTo(Tag::kUint64Values, &message_);
  sint32s_.MoveTo(Tag::kSint32Values, &message_);
  sint64s_.MoveTo(Tag::kSint64Values, &message_);
  doubles_.MoveTo(Tag::kDoubleValues, &message_);
  string_indexes_.MoveTo(Tag::kStringIndexes, &message_);
  byte_string_indexes_.MoveTo(Tag::kByteStringIndexes, &message_);
  seconds_.MoveTo(Tag::kTimeSeconds, &message_);
  nanos_.MoveTo(Tag::kTimeNanos, &message_);
  wire::AppendBytes(message, field, message_);
}

}  // namespace dissectd::engine
