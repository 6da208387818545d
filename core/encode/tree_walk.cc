// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/encode/tree_walk.h"

#include "core/base/status_macros.h"

namespace dissectd::engine {
namespace {

// Returns whether the first top-level node is the protocol `frame`, which
// libwireshark leaves out of small trees unless it is requested.
bool BeginsWithFrame(const proto_node* root) {
  static const int kFrameId = proto_get_id_by_filter_name("frame");
  const proto_node* const first = root->first_child;
  return first != nullptr && PNODE_FINFO(first) != nullptr &&
         PNODE_FINFO(first)->hfinfo->id == kFrameId;
}

// A position in a tree, in pre-order.
class Cursor {
 public:
  // Starts before the first top-level node.
  explicit Cursor(const proto_node* root)
      : root_(root), node_(root), layer_(BeginsWithFrame(root) ? 0 : 1) {}

  // Moves to the next node, optionally past the descendants of this one.
  // Returns whether there is one.
  bool Next(bool skip_children) {
    if (node_->first_child != nullptr && !skip_children) {
      ++depth_;
      node_ = node_->first_child;
      CountLayer();
      return true;
    }
    while (node_ != root_) {
      if (node_->next != nullptr) {
        node_ = node_->next;
        CountLayer();
        return true;
      }
      node_ = node_->parent;
      --depth_;
    }
    return false;
  }

  bool HasChildren() const { return node_->first_child != nullptr; }

  // Returns the current node; without `info` if the node isn't part of the
  // tree.
  TreeNode Get() const {
    TreeNode node;
    node.info = PNODE_FINFO(node_);
    node.depth = depth_ - 1;
    node.layer = layer_;
    return node;
  }

 private:
  void CountLayer() {
    if (depth_ == 1) ++layer_;
  }

  const proto_node* const root_;
  const proto_node* node_;
  // The depth; 0 for the root, which isn't a node of the tree.
  uint32_t depth_ = 0;
  uint32_t layer_;
};

}  // namespace

absl::StatusOr<TreeWalk> TreeWalk::Create(const View& view) {
  ASSIGN_OR_RETURN(FieldSet wanted, FieldSet::OfFields(view.fields));
  ASSIGN_OR_RETURN(FieldSet selected,
                   FieldSet::OfProtocols(view.tree_protocols));
  return TreeWalk(view, std::move(wanted), std::move(selected));
}

void TreeWalk::VisitFields(const proto_node* root, Visitor visit) const {
  Cursor cursor(root);
  while (cursor.Next(/*skip_children=*/false)) {
    const TreeNode node = cursor.Get();
    if (node.info != nullptr && wanted_fields_.Contains(node.info->hfinfo)) {
      visit(node);
    }
  }
}

void TreeWalk::VisitTree(const proto_node* root, Visitor visit) const {
  Cursor cursor(root);
  bool skip_children = false;
  while (cursor.Next(skip_children)) {
    skip_children = false;
    TreeNode node = cursor.Get();
    if (node.info == nullptr) continue;
    if ((node.info->flags & FI_HIDDEN) != 0 && !view_->include_hidden) {
      skip_children = true;
      continue;
    }
    if (view_->tree == TreeDetail::kSelected && node.depth == 0 &&
        !selected_protocols_.Contains(node.info->hfinfo)) {
      skip_children = true;
      node.children_omitted = cursor.HasChildren();
    }
    visit(node);
  }
}

}  // namespace dissectd::engine
