// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CLI_FORMAT_FRAME_VIEW_H_
#define CLIENTS_CLI_FORMAT_FRAME_VIEW_H_

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "clients/cli/format/field_table.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd::cli {

// A batch with its strings resolved.
//
// Thread-compatible.
class BatchView {
 public:
  // `fields` is not owned; outlives this.
  explicit BatchView(const FieldTable* fields) : fields_(fields) {}

  // Looks at another batch, which must stay unchanged while this is used.
  void Reset(const v1::FrameBatch& batch);

  // Returns a string of the batch, with the exact bytes of the capture.
  absl::string_view Text(uint32_t index) const {
    if (!raw_.empty()) {
      const auto raw = raw_.find(index);
      if (raw != raw_.end()) return raw->second;
    }
    return static_cast<int>(index) < batch_->strings_size()
               ? absl::string_view(batch_->strings(index))
               : absl::string_view();
  }

  const Field& FieldById(uint32_t id) const { return fields_->Get(id); }
  const Field& FieldOf(const v1::Node& node) const {
    return FieldById(node.field());
  }

 private:
  const FieldTable* fields_;
  const v1::FrameBatch* batch_ = nullptr;
  absl::flat_hash_map<uint32_t, absl::string_view> raw_;
};

// A frame of a batch with its tree made navigable.
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

  // Looks at another frame of the batch.
  void Reset(const v1::Frame& frame);

  const v1::Frame& frame() const { return *frame_; }
  const BatchView& batch() const { return *batch_; }

  int node_count() const { return frame_->tree_size(); }
  const v1::Node& node(int index) const { return frame_->tree(index); }
  const Field& field(int index) const { return batch_->FieldOf(node(index)); }

  // Returns the index after the last descendant of a node.
  int End(int index) const { return ends_[index]; }
  // Whether children of the node were sent.
  bool HasChildren(int index) const { return ends_[index] > index + 1; }
  // Whether the node has children, sent or not.
  bool IsParent(int index) const {
    return HasChildren(index) ||
           (node(index).flags() & v1::NODE_FLAG_CHILDREN_OMITTED) != 0;
  }

  // Returns the bytes of a node in its data source. Absent if the node is in
  // none, starts outside of it, or its bytes were not sent.
  absl::optional<absl::string_view> Bytes(const v1::Node& node) const;

  // Whether the node reaches beyond the captured bytes of its data source.
  bool IsCutShort(const v1::Node& node) const;

 private:
  const BatchView* batch_;
  const v1::Frame* frame_ = nullptr;
  std::vector<int> ends_;
  std::vector<int> open_;
};

}  // namespace dissectd::cli

#endif  // CLIENTS_CLI_FORMAT_FRAME_VIEW_H_
