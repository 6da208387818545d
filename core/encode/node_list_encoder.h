// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_NODE_LIST_ENCODER_H_
#define CORE_ENCODE_NODE_LIST_ENCODER_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "core/encode/data_sources.h"
#include "core/encode/field_dictionary.h"
#include "core/encode/label_encoder.h"
#include "core/encode/packed_array.h"
#include "core/encode/string_table.h"
#include "core/encode/template_table.h"
#include "core/encode/tree_walk.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

// The tables of a batch, to which nodes refer.
struct NodeTables {
  StringTable strings{schema::FrameBatch::kStrings,
                      schema::FrameBatch::kRawStrings};
  StringTable byte_strings{schema::FrameBatch::kByteStrings};
  TemplateTable templates;

  size_t SizeBytes() const {
    return strings.SizeBytes() + byte_strings.SizeBytes() +
           templates.SizeBytes();
  }
  void Clear() {
    strings.Clear();
    byte_strings.Clear();
    templates.Clear();
  }
};

// Writes nodes of protocol trees as dissectd.v1.NodeList. Allocates memory only
// for the tables of a batch, not for each node.
class NodeListEncoder {
 public:
  // Neither is owned; both outlive this.
  NodeListEncoder(NodeTables* tables, FieldDictionary* fields)
      : tables_(tables), fields_(fields), labels_(&tables->strings) {}

  // Truncates longer values. By default no value is truncated.
  void set_max_value_bytes(uint32_t bytes) { max_value_bytes_ = bytes; }

  // Adds a node of the tree, which must be visible.
  void AddTreeNode(const TreeNode& node, const DataSources& sources,
                   bool with_label);

  // Adds an occurrence of a field, for Frame.fields. The tree must be visible
  // if a label is needed.
  void AddOccurrence(const TreeNode& node, const DataSources& sources,
                     bool with_label);

  // Appends the nodes added since the last call as a field of a message, unless
  // there are none.
  void MoveTo(schema::Frame field, std::string* message);

 private:
  class ValueWriter;

  // Adds the properties that both kinds of nodes have, to `node` and the
  // arrays.
  void Add(const TreeNode& tree_node, const DataSources& sources,
           bool with_label, NodeTemplate* node);
  void AddBytes(absl::string_view value, NodeTemplate* node);
  absl::string_view Cut(absl::string_view value, NodeTemplate* node) const;

  NodeTables* tables_;
  FieldDictionary* fields_;
  LabelEncoder labels_;
  uint32_t max_value_bytes_ = UINT32_MAX;
  int32_t previous_start_ = 0;
  // The bytes of the node that are sent with its data source.
  absl::string_view source_bytes_;

  PackedArray templates_;
  PackedArray layers_;
  PackedArray label_indexes_;
  PackedArray uint32s_;
  PackedArray uint64s_;
  PackedArray sint32s_;
  PackedArray sint64s_;
  PackedArray doubles_;
  PackedArray string_indexes_;
  PackedArray byte_string_indexes_;
  PackedArray seconds_;
  PackedArray nanos_;
  std::string message_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_NODE_LIST_ENCODER_H_
