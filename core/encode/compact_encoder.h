// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_COMPACT_ENCODER_H_
#define CORE_ENCODE_COMPACT_ENCODER_H_

#include <string>

#include "core/encode/batch_encoder.h"
#include "core/encode/data_sources.h"
#include "core/encode/field_dictionary.h"
#include "core/encode/node_list_encoder.h"
#include "core/encode/packed_array.h"
#include "core/encode/tree_walk.h"

namespace dissectd::engine {

// FORM_COMPACT: dissectd.v1.FrameBatch.
class CompactEncoder : public BatchEncoder {
 public:
  // `view` is not owned and outlives this.
  CompactEncoder(const View& view, TreeWalk walk);

  schema::DissectResponse kind() const override {
    return schema::DissectResponse::kBatch;
  }
  const FieldSet& wanted_fields() const override {
    return walk_.wanted_fields();
  }
  void Add(epan_dissect_t* edt, const frame_data& frame, ColumnSet* columns,
           uint32_t coloring_rule) override;
  size_t SizeBytes() const override {
    return frames_.size() + tables_.SizeBytes();
  }
  EncodedBatch Take() override;

 private:
  void AddColumns(ColumnSet* columns);
  void AddNodes(const proto_node* root);
  void AddSources();

  const View& view_;
  const TreeWalk walk_;
  NodeTables tables_;
  FieldDictionary fields_;
  NodeListEncoder nodes_;
  std::string frames_;
  // The data sources of the current frame.
  DataSources sources_;
  PackedArray columns_;
  std::string message_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_COMPACT_ENCODER_H_
