// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/frame_view.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace dissectd {
namespace {

// Reads the elements of an array of a NodeList in order. Missing elements,
// which only a broken server leaves out, are 0.
template <typename Element>
class Reader {
 public:
  explicit Reader(const google::protobuf::RepeatedField<Element>& array)
      : next_(array.data()), end_(array.data() + array.size()) {}

  Element Take() { return next_ == end_ ? Element() : *next_++; }

 private:
  const Element* next_;
  const Element* const end_;
};

// The arrays of a NodeList.
struct Arrays {
  explicit Arrays(const v1::NodeList& list)
      : layers(list.layers()),
        labels(list.label_indexes()),
        uint32s(list.uint32_values()),
        uint64s(list.uint64_values()),
        sint32s(list.sint32_values()),
        sint64s(list.sint64_values()),
        doubles(list.double_values()),
        strings(list.string_indexes()),
        byte_strings(list.byte_string_indexes()),
        seconds(list.time_seconds()),
        nanos(list.time_nanos()) {}

  Reader<uint32_t> layers;
  Reader<uint32_t> labels;
  Reader<uint32_t> uint32s;
  Reader<uint64_t> uint64s;
  Reader<int32_t> sint32s;
  Reader<int64_t> sint64s;
  Reader<double> doubles;
  Reader<uint32_t> strings;
  Reader<uint32_t> byte_strings;
  Reader<int64_t> seconds;
  Reader<int32_t> nanos;
};

bool HasSentLabel(const Node& node) {
  return node.label_form == v1::LABEL_FORM_COMPUTED ||
         node.label_form == v1::LABEL_FORM_CUSTOM;
}

void TakeValue(const BatchView& batch, Arrays* arrays, Node* node) {
  switch (node->value_kind) {
    case v1::VALUE_KIND_UINT32:
      node->unsigned_value = arrays->uint32s.Take();
      break;
    case v1::VALUE_KIND_UINT64:
      node->unsigned_value = arrays->uint64s.Take();
      break;
    case v1::VALUE_KIND_SINT32:
      node->signed_value = arrays->sint32s.Take();
      break;
    case v1::VALUE_KIND_SINT64:
      node->signed_value = arrays->sint64s.Take();
      break;
    case v1::VALUE_KIND_DOUBLE:
      node->double_value = arrays->doubles.Take();
      break;
    case v1::VALUE_KIND_STRING:
      node->text = batch.Text(arrays->strings.Take());
      break;
    case v1::VALUE_KIND_BYTES:
      node->text = batch.ByteString(arrays->byte_strings.Take());
      break;
    case v1::VALUE_KIND_TIME:
      node->seconds = arrays->seconds.Take();
      node->nanos = arrays->nanos.Take();
      break;
    default:
      break;
  }
}

}  // namespace

void BatchView::Reset(const v1::FrameBatch& batch) {
  batch_ = &batch;
  unknown_.field = &fields_->Get(0);
  raw_.clear();
  for (const v1::RawString& raw : batch.raw_strings()) {
    raw_[raw.index()] = raw.value();
  }
  templates_.clear();
  for (const v1::NodeTemplate& sent : batch.node_templates()) {
    Node node;
    node.field_id = sent.field_id();
    node.field = &fields_->Get(sent.field_id());
    node.depth = sent.depth();
    node.start = sent.start_change();
    node.length = sent.length();
    node.source_number = sent.source_number();
    node.flags = sent.flags();
    node.severity = sent.severity();
    node.expert_group = sent.expert_group();
    node.label_form = sent.label_form();
    node.label = Text(sent.label_suffix_index());
    node.value_kind = sent.value_kind();
    templates_.push_back(node);
  }
}

void FrameView::Reset(const v1::Frame& frame) {
  frame_ = &frame;
  longer_columns_.clear();
  Decode(frame.fields(), &occurrences_);
  Decode(frame.tree(), &tree_);
  FindEnds();
}

const Node* FrameView::Find(absl::string_view name) const {
  const std::vector<Node>& nodes = frame_->has_fields() ? occurrences_ : tree_;
  const auto found = std::find_if(
      nodes.begin(), nodes.end(),
      [name](const Node& node) { return node.field->name == name; });
  return found == nodes.end() ? nullptr : &*found;
}

void FrameView::AppendToColumns(const std::vector<int>& indexes,
                                absl::string_view text) {
  if (text.empty()) return;
  for (const int index : indexes) {
    if (index >= column_count()) continue;
    longer_columns_[index] = absl::StrCat(column(index), text);
  }
}

void FrameView::Decode(const v1::NodeList& list,
                       std::vector<Node>* nodes) const {
  nodes->clear();
  nodes->reserve(static_cast<size_t>(list.template_indexes_size()));
  Arrays arrays(list);
  int32_t start = 0;
  for (const uint32_t index : list.template_indexes()) {
    nodes->push_back(batch_->Template(index));
    Node& node = nodes->back();
    // Wraps around, as in the server.
    start = static_cast<int32_t>(static_cast<uint32_t>(start) +
                                 static_cast<uint32_t>(node.start));
    node.start = start;
    node.layer = arrays.layers.Take();
    if (HasSentLabel(node)) node.label = batch_->Text(arrays.labels.Take());
    TakeValue(*batch_, &arrays, &node);
    if (node.value_kind == v1::VALUE_KIND_SOURCE_BYTES) {
      node.text = Bytes(node).value_or(absl::string_view());
    }
  }
}

void FrameView::FindEnds() {
  const int count = node_count();
  ends_.resize(count);
  open_.clear();
  for (int i = 0; i < count; ++i) {
    // Ends open nodes that are as deep as this node, or deeper.
    while (!open_.empty() && tree_[open_.back()].depth >= tree_[i].depth) {
      ends_[open_.back()] = i;
      open_.pop_back();
    }
    open_.push_back(i);
  }
  for (const int i : open_) ends_[i] = count;
}

absl::optional<absl::string_view> FrameView::Bytes(const Node& node) const {
  const uint32_t source = node.source_number;
  if (source == 0 || source > static_cast<uint32_t>(frame_->sources_size())) {
    return absl::nullopt;
  }
  const absl::string_view data =
      frame_->sources(static_cast<int>(source) - 1).data();
  if (node.start < 0 || static_cast<size_t>(node.start) > data.size()) {
    return absl::nullopt;
  }
  return data.substr(node.start, std::max(node.length, 0));
}

bool FrameView::IsCutShort(const Node& node) const {
  const uint32_t source = node.source_number;
  if (source == 0 || source > static_cast<uint32_t>(frame_->sources_size())) {
    return false;
  }
  const int64_t captured =
      frame_->sources(static_cast<int>(source) - 1).length();
  // A negative start counts from the end. Outside the source, nothing remains.
  const int64_t start =
      node.start < 0 ? captured + node.start : int64_t{node.start};
  const int64_t remaining =
      start < 0 || start > captured ? 0 : captured - start;
  return node.length > remaining;
}

}  // namespace dissectd
