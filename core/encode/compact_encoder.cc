// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/compact_encoder.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "core/encode/wire.h"
#include "core/epan/handles.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {
namespace {

std::string EncodeTime(const nstime_t& time) {
  std::string message;
  wire::AppendSint(&message, schema::TimeValue::kSeconds, time.secs);
  wire::AppendSint(&message, schema::TimeValue::kNanos, time.nsecs);
  return message;
}

}  // namespace

CompactEncoder::CompactEncoder(const View& view, TreeWalk walk)
    : view_(view),
      walk_(std::move(walk)),
      nodes_(&tables_, &fields_),
      sources_(view) {
  nodes_.set_max_value_bytes(view.MaxValueBytes());
}

void CompactEncoder::Add(epan_dissect_t* edt, const frame_data& frame,
                         ColumnSet* columns, uint32_t coloring_rule) {
  using Tag = schema::Frame;
  message_.clear();
  wire::AppendUint(&message_, Tag::kNumber, frame.num);
  if (frame.has_ts) {
    wire::AppendBytes(&message_, Tag::kTime, EncodeTime(frame.abs_ts));
  }
  wire::AppendUint(&message_, Tag::kCapturedLength, frame.cap_len);
  wire::AppendUint(&message_, Tag::kOriginalLength, frame.pkt_len);
  if (columns != nullptr) AddColumns(columns);
  sources_.Reset(edt->pi);
  if (edt->tree != nullptr) AddNodes(edt->tree);
  if (view_.WantsTree() || view_.bytes >= ByteDetail::kFrame) AddSources();
  wire::AppendUint(&message_, Tag::kEncoding, frame.encoding);
  wire::AppendUint(&message_, Tag::kColoringRule, coloring_rule);
  wire::AppendBytes(&frames_, schema::FrameBatch::kFrames, message_);
}

void CompactEncoder::AddColumns(ColumnSet* columns) {
  for (size_t i = 0; i < columns->definitions().size(); ++i) {
    const char* text = columns->Text(i);
    columns_.AddUint(text == nullptr ? 0 : tables_.strings.Add(text));
  }
  columns_.MoveTo(schema::Frame::kColumnIndexes, &message_);
}

void CompactEncoder::AddNodes(const proto_node* root) {
  if (!view_.fields.empty()) {
    walk_.VisitFields(root, [this](const TreeNode& node) {
      nodes_.AddOccurrence(node, sources_,
                           view_.labels && HasLabelOnly(*node.info->hfinfo));
    });
    nodes_.MoveTo(schema::Frame::kFields, &message_);
  }
  if (view_.WantsTree()) {
    walk_.VisitTree(root, [this](const TreeNode& node) {
      nodes_.AddTreeNode(node, sources_, view_.labels);
    });
    nodes_.MoveTo(schema::Frame::kTree, &message_);
  }
}

void CompactEncoder::AddSources() {
  using Tag = schema::DataSource;
  std::string prefix;
  for (const DataSources::Source& source : sources_.sources()) {
    const WmemCharPtr name(get_data_source_name(source.handle));
    prefix.clear();
    wire::AppendUint(&prefix, Tag::kNameIndex, tables_.strings.Add(name.get()));
    wire::AppendUint(&prefix, Tag::kLength, source.length);
    if (!source.data.empty()) {
      wire::AppendVarint(&prefix,
                         wire::Tag(Tag::kData, wire::kLengthDelimited));
      wire::AppendVarint(&prefix, source.data.size());
    }
    wire::AppendVarint(
        &message_, wire::Tag(schema::Frame::kSources, wire::kLengthDelimited));
    wire::AppendVarint(&message_, prefix.size() + source.data.size());
    absl::StrAppend(&message_, prefix, source.data);
  }
}

EncodedBatch CompactEncoder::Take() {
  EncodedBatch batch;
  batch.used = fields_.TakeUsed();
  batch.message = absl::StrCat(
      tables_.strings.strings(), tables_.strings.raw_strings(),
      tables_.byte_strings.strings(), tables_.templates.encoded(), frames_);
  tables_.Clear();
  frames_.clear();
  return batch;
}

}  // namespace dissectd::engine
