// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_TEMPLATE_TABLE_H_
#define CORE_ENCODE_TEMPLATE_TABLE_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {

// A dissectd.v1.NodeTemplate.
struct NodeTemplate {
  uint32_t field_id = 0;
  uint32_t depth = 0;
  int32_t start_change = 0;
  int32_t length = 0;
  uint32_t source_number = 0;
  uint32_t label_suffix_index = 0;
  uint32_t flags = 0;
  uint8_t value_kind = 0;
  uint8_t label_form = 0;
  uint8_t severity = 0;
  uint8_t expert_group = 0;

  // Returns all small members as one number.
  uint32_t Kinds() const {
    return uint32_t{value_kind} | uint32_t{label_form} << 8 |
           uint32_t{severity} << 16 | uint32_t{expert_group} << 24;
  }

  bool operator==(const NodeTemplate& other) const {
    return field_id == other.field_id && depth == other.depth &&
           start_change == other.start_change && length == other.length &&
           source_number == other.source_number &&
           label_suffix_index == other.label_suffix_index &&
           flags == other.flags && Kinds() == other.Kinds();
  }

  template <typename H>
  friend H AbslHashValue(H h, const NodeTemplate& node) {
    return H::combine(std::move(h), node.field_id, node.depth,
                      node.start_change, node.length, node.source_number,
                      node.label_suffix_index, node.flags, node.Kinds());
  }
};

// The node templates of one batch: FrameBatch.node_templates. A template that
// is added again gets the same index.
class TemplateTable {
 public:
  uint32_t Add(const NodeTemplate& node);

  // The encoded FrameBatch.node_templates; valid until the table changes.
  absl::string_view encoded() const { return encoded_; }
  size_t SizeBytes() const { return encoded_.size(); }

  // Removes all templates at the end of a batch.
  void Clear();

 private:
  // A template that was looked up lately.
  struct Recent {
    NodeTemplate node;
    // The number of the batch, never 0.
    uint32_t batch = 0;
    uint32_t index = 0;
  };

  uint32_t AddSlowly(const NodeTemplate& node);

  absl::flat_hash_map<NodeTemplate, uint32_t> indexes_;
  // Recently used templates, at places given by a hash. Empty until the first
  // node.
  std::vector<Recent> recent_;
  uint32_t batch_ = 1;
  std::string encoded_;
  // The template that is being encoded.
  std::string message_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_TEMPLATE_TABLE_H_
