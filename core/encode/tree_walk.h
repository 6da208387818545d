// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_TREE_WALK_H_
#define CORE_ENCODE_TREE_WALK_H_

#include <cstdint>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "core/encode/field_set.h"
#include "core/epan/wireshark.h"
#include "core/request/dissect_request.h"

namespace dissectd::engine {

// A node of a protocol tree that a view requests.
struct TreeNode {
  field_info* info = nullptr;
  // The depth in the tree; 0 for top-level nodes.
  uint32_t depth = 0;
  // The number of the top-level node that contains it. 1 is the protocol
  // `frame`, whether it is in the tree or not.
  uint32_t layer = 0;
  // Whether it has children that the view leaves out.
  bool children_omitted = false;
};

// Finds the nodes that a view requests. All forms of a stream read protocol
// trees through this class.
class TreeWalk {
 public:
  using Visitor = absl::FunctionRef<void(const TreeNode&)>;

  // `view` is not owned and outlives this. Errors: INVALID_ARGUMENT with
  // FIELD_UNKNOWN or PROTOCOL_UNKNOWN.
  static absl::StatusOr<TreeWalk> Create(const View& view);

  // The fields that the view names.
  const FieldSet& wanted_fields() const { return wanted_fields_; }

  // Visits every occurrence of these fields in pre-order.
  void VisitFields(const proto_node* root, Visitor visit) const;

  // Visits the nodes of the tree that the view requests, in pre-order.
  void VisitTree(const proto_node* root, Visitor visit) const;

 private:
  TreeWalk(const View& view, FieldSet wanted_fields,
           FieldSet selected_protocols)
      : view_(&view),
        wanted_fields_(std::move(wanted_fields)),
        selected_protocols_(std::move(selected_protocols)) {}

  const View* view_;
  FieldSet wanted_fields_;
  FieldSet selected_protocols_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_TREE_WALK_H_
