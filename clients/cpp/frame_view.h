// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_FRAME_VIEW_H_
#define CLIENTS_CPP_FRAME_VIEW_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "clients/cpp/field_table.h"
#include "clients/cpp/node.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// A batch with its tables resolved. Indexes that the batch doesn't have, which
// only a broken server sends, give empty results.
//
// Thread-compatible.
class BatchView {
 public:
  // `fields` is not owned; outlives this.
  explicit BatchView(const FieldTable* fields) : fields_(fields) {}

  // Switches to another batch, which must stay unchanged while this is used.
  // Its fields must have been added to the table.
  void Reset(const v1::FrameBatch& batch);

  // Returns a string of the batch, with the exact bytes of the capture.
  absl::string_view Text(uint32_t index) const {
    if (!raw_.empty()) {
      const auto raw = raw_.find(index);
      if (raw != raw_.end()) return raw->second;
    }
    return index < static_cast<uint32_t>(batch_->strings_size())
               ? absl::string_view(batch_->strings(static_cast<int>(index)))
               : absl::string_view();
  }

  absl::string_view ByteString(uint32_t index) const {
    return index < static_cast<uint32_t>(batch_->byte_strings_size())
               ? absl::string_view(
                     batch_->byte_strings(static_cast<int>(index)))
               : absl::string_view();
  }

  // Returns a node with the properties of its template. Its start is the
  // change, and its label the suffix.
  const Node& Template(uint32_t index) const {
    return index < templates_.size() ? templates_[index] : unknown_;
  }

  const Field& FieldById(uint32_t id) const { return fields_->Get(id); }

 private:
  const FieldTable* fields_;
  const v1::FrameBatch* batch_ = nullptr;
  absl::flat_hash_map<uint32_t, absl::string_view> raw_;
  std::vector<Node> templates_;
  Node unknown_;
};

// A frame of a batch with decoded nodes and a navigable tree.
//
// Nodes of the tree are referred to by index. To visit the children of `i`:
//
//   for (int c = i + 1; c < frame.End(i); c = frame.End(c)) ...
//
// and the top nodes start at 0 and end at node_count().
//
// Thread-compatible.
class FrameView {
 public:
  explicit FrameView(const BatchView* batch) : batch_(batch) {}

  // Switches to another frame of the batch.
  void Reset(const v1::Frame& frame);

  const v1::Frame& frame() const { return *frame_; }
  const BatchView& batch() const { return *batch_; }

  // The time of the frame. As in Wireshark's own programs, a frame without a
  // time stamp has the time 1970-01-01 00:00:00 UTC.
  int64_t seconds() const { return frame_->time().seconds(); }
  int32_t nanos() const { return frame_->time().nanos(); }

  int column_count() const { return frame_->column_indexes_size(); }
  absl::string_view column(int index) const {
    if (!longer_columns_.empty()) {
      const auto longer = longer_columns_.find(index);
      if (longer != longer_columns_.end()) return longer->second;
    }
    return batch_->Text(frame_->column_indexes(index));
  }

  // Appends a text to columns, until Reset is called.
  void AppendToColumns(const std::vector<int>& indexes, absl::string_view text);

  // The occurrences of the requested fields.
  const std::vector<Node>& occurrences() const { return occurrences_; }

  // Returns the first occurrence of a field among the requested ones or, if
  // none were requested, in the tree; null if there is none.
  const Node* Find(absl::string_view name) const;

  // The tree, in pre-order: the children of a node follow it with a depth of
  // one more.
  const std::vector<Node>& nodes() const { return tree_; }
  int node_count() const { return static_cast<int>(tree_.size()); }
  const Node& node(int index) const { return tree_[index]; }
  const Field& field(int index) const { return *tree_[index].field; }

  // Returns the index after the last descendant of a node.
  int End(int index) const { return ends_[index]; }
  // Whether children of the node were sent.
  bool HasChildren(int index) const { return ends_[index] > index + 1; }
  // Whether the node has children, sent or not.
  bool IsParent(int index) const {
    return HasChildren(index) ||
           node(index).Has(v1::NODE_FLAG_CHILDREN_OMITTED);
  }

  // Returns the bytes of a node in its data source. Absent if the node has no
  // source, starts outside of it, or its bytes were not sent.
  absl::optional<absl::string_view> Bytes(const Node& node) const;

  // Whether the node reaches beyond the captured bytes of its data source.
  bool IsCutShort(const Node& node) const;

 private:
  void Decode(const v1::NodeList& list, std::vector<Node>* nodes) const;
  void FindEnds();

  const BatchView* batch_;
  const v1::Frame* frame_ = nullptr;
  absl::flat_hash_map<int, std::string> longer_columns_;
  std::vector<Node> occurrences_;
  std::vector<Node> tree_;
  std::vector<int> ends_;
  std::vector<int> open_;
};

}  // namespace dissectd

#endif  // CLIENTS_CPP_FRAME_VIEW_H_
