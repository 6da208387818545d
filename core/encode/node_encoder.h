// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_NODE_ENCODER_H_
#define CORE_ENCODE_NODE_ENCODER_H_

#include <cstdint>
#include <string>

#include "core/encode/field_dictionary.h"
#include "core/encode/label_encoder.h"
#include "core/encode/string_table.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

// What the surroundings of a node add to it.
struct NodeContext {
  uint32_t depth = 0;
  // The index of the node's data source plus 1, or 0.
  uint32_t source = 0;
  bool label = false;
  bool children_omitted = false;
};

// Writes nodes of protocol trees as dissectd.v1.Node. Allocates nothing per
// node but what the strings of a batch need.
class NodeEncoder {
 public:
  // Neither is owned; both outlive this.
  NodeEncoder(StringTable* strings, FieldDictionary* fields)
      : strings_(strings), fields_(fields), labels_(strings) {}

  // Appends `node` as an element of the repeated field number `field`. The
  // node's tree must be a visible one.
  void Append(schema::Frame field, field_info* node, const NodeContext& context,
              std::string* out);

 private:
  class ValueWriter;

  char* PutValue(char* out, const field_info* node);

  StringTable* strings_;
  FieldDictionary* fields_;
  LabelEncoder labels_;
  // A value that is appended after the node's other fields; null if none.
  const void* long_value_ = nullptr;
  size_t long_value_size_ = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_NODE_ENCODER_H_
