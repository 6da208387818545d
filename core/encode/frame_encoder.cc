// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/frame_encoder.h"

#include <utility>

#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/wire.h"
#include "core/epan/handles.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

// The node after `node` in pre-order, below `root`; null after the last.
// Adjusts `*depth` to the new node's.
const proto_node* NextInPreOrder(const proto_node* node, const proto_node* root,
                                 bool skip_children, uint32_t* depth) {
  if (node->first_child != nullptr && !skip_children) {
    ++*depth;
    return node->first_child;
  }
  while (node != root) {
    if (node->next != nullptr) return node->next;
    node = node->parent;
    --*depth;
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<FrameEncoder> FrameEncoder::Create(const View& view,
                                                  StringTable* strings,
                                                  FieldDictionary* fields) {
  ASSIGN_OR_RETURN(FieldSet wanted, FieldSet::OfFields(view.fields));
  ASSIGN_OR_RETURN(FieldSet chosen, FieldSet::OfProtocols(view.tree_protocols));
  return FrameEncoder(view, std::move(wanted), std::move(chosen), strings,
                      fields);
}

void FrameEncoder::Append(epan_dissect_t* edt, const frame_data& frame,
                          ColumnSet* columns, std::string* out) {
  message_.clear();
  wire::AppendUint(&message_, schema::Frame::kNumber, frame.num);
  wire::AppendSint(&message_, schema::Frame::kTimeSeconds, frame.abs_ts.secs);
  wire::AppendUint(&message_, schema::Frame::kTimeNanos,
                   static_cast<uint64_t>(int64_t{frame.abs_ts.nsecs}));
  wire::AppendUint(&message_, schema::Frame::kCapturedLength, frame.cap_len);
  wire::AppendUint(&message_, schema::Frame::kOriginalLength, frame.pkt_len);
  if (columns != nullptr) AppendColumns(columns);
  sources_.clear();
  for (GSList* item = edt->pi.data_src; item != nullptr; item = item->next) {
    sources_.push_back(
        get_data_source_tvb(static_cast<const data_source*>(item->data)));
  }
  if (edt->tree != nullptr) {
    if (!view_->fields.empty()) AppendFields(edt->tree);
    if (view_->WantsTree()) AppendTree(edt->tree);
  }
  if (view_->WantsTree() || view_->bytes >= ByteDetail::kFrame) {
    AppendSources(edt);
  }
  wire::AppendUint(&message_, schema::Frame::kHasTime, frame.has_ts);
  wire::AppendUint(&message_, schema::Frame::kEncoding, frame.encoding);
  wire::AppendBytes(out, schema::FrameBatch::kFrames, message_);
}

void FrameEncoder::AppendColumns(ColumnSet* columns) {
  std::string indexes;
  for (size_t i = 0; i < columns->definitions().size(); ++i) {
    const char* text = columns->Text(i);
    wire::AppendVarint(&indexes, text == nullptr ? 0 : strings_->Add(text));
  }
  wire::AppendText(&message_, schema::Frame::kColumns, indexes);
}

void FrameEncoder::AppendFields(const proto_node* root) {
  uint32_t depth = 0;
  for (const proto_node* node = NextInPreOrder(root, root, false, &depth);
       node != nullptr; node = NextInPreOrder(node, root, false, &depth)) {
    field_info* info = PNODE_FINFO(node);
    if (info == nullptr || !wanted_fields_.Contains(info->hfinfo)) continue;
    NodeContext context;
    context.source = SourceOf(info);
    context.label = view_->labels && HasLabelOnly(*info->hfinfo);
    nodes_.Append(schema::Frame::kFields, info, context, &message_);
  }
}

void FrameEncoder::AppendTree(const proto_node* root) {
  uint32_t depth = 0;
  bool skip = false;
  for (const proto_node* node = NextInPreOrder(root, root, false, &depth);
       node != nullptr; node = NextInPreOrder(node, root, skip, &depth)) {
    field_info* info = PNODE_FINFO(node);
    skip = false;
    if (info == nullptr) continue;
    NodeContext context;
    // The root has no node of its own.
    context.depth = depth - 1;
    context.source = SourceOf(info);
    context.label = view_->labels;
    if (view_->tree == TreeDetail::kSelected && context.depth == 0 &&
        !chosen_protocols_.Contains(info->hfinfo)) {
      skip = true;
      context.children_omitted = node->first_child != nullptr;
    }
    nodes_.Append(schema::Frame::kTree, info, context, &message_);
  }
}

void FrameEncoder::AppendSources(epan_dissect_t* edt) {
  size_t index = 0;
  std::string prefix;
  for (GSList* item = edt->pi.data_src; item != nullptr;
       item = item->next, ++index) {
    const WmemCharPtr name(
        get_data_source_name(static_cast<const data_source*>(item->data)));
    auto* bytes = const_cast<tvbuff_t*>(sources_[index]);
    const guint length = tvb_captured_length(bytes);
    prefix.clear();
    wire::AppendText(&prefix, schema::DataSource::kName,
                     MakeValidUtf8(name.get()));
    wire::AppendUint(&prefix, schema::DataSource::kLength, length);
    const bool with_data =
        length > 0 && (view_->bytes == ByteDetail::kAllSources ||
                       (view_->bytes == ByteDetail::kFrame && index == 0));
    if (!with_data) {
      wire::AppendBytes(&message_, schema::Frame::kSources, prefix);
      continue;
    }
    wire::AppendVarint(
        &prefix, wire::Tag(schema::DataSource::kData, wire::kLengthDelimited));
    wire::AppendVarint(&prefix, length);
    wire::AppendVarint(
        &message_, wire::Tag(schema::Frame::kSources, wire::kLengthDelimited));
    wire::AppendVarint(&message_, prefix.size() + length);
    message_.append(prefix);
    // All captured bytes of a source are there: this can't throw.
    const guint8* data = tvb_get_ptr(bytes, 0, static_cast<gint>(length));
    message_.append(reinterpret_cast<const char*>(data), length);
  }
}

uint32_t FrameEncoder::SourceOf(const field_info* node) const {
  if (node->ds_tvb == nullptr) return 0;
  for (size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i] == node->ds_tvb) return static_cast<uint32_t>(i + 1);
  }
  return 0;
}

}  // namespace dissectd::engine
