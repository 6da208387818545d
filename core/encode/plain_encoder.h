// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_PLAIN_ENCODER_H_
#define CORE_ENCODE_PLAIN_ENCODER_H_

#include <string>

#include "core/encode/batch_encoder.h"
#include "core/encode/data_sources.h"
#include "core/encode/tree_walk.h"

namespace dissectd::engine {

// FORM_PLAIN: dissectd.v1.PlainBatch.
class PlainEncoder : public BatchEncoder {
 public:
  // `view` is not owned and outlives this.
  PlainEncoder(const View& view, TreeWalk walk);

  schema::DissectResponse kind() const override {
    return schema::DissectResponse::kPlainBatch;
  }
  const FieldSet& wanted_fields() const override {
    return walk_.wanted_fields();
  }
  void Add(epan_dissect_t* edt, const frame_data& frame, ColumnSet* columns,
           uint32_t coloring_rule) override;
  size_t SizeBytes() const override { return frames_.size(); }
  EncodedBatch Take() override;

 private:
  class ValueWriter;

  void AddColumns(ColumnSet* columns);
  void AddNodes(const proto_node* root);
  void AddSources();
  // Writes the members that nodes of the tree and occurrences of fields share.
  void BeginNode(const TreeNode& node, bool with_label);
  void EndNode(schema::PlainFrame field);

  const View& view_;
  const TreeWalk walk_;
  std::string frames_;
  // The data sources of the current frame.
  DataSources sources_;
  std::string message_;
  std::string node_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_PLAIN_ENCODER_H_
