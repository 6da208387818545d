// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ENCODE_COLUMN_ENCODER_H_
#define CORE_ENCODE_COLUMN_ENCODER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "core/encode/batch_encoder.h"
#include "core/encode/packed_array.h"
#include "core/encode/string_table.h"
#include "core/encode/tree_walk.h"
#include "dissectd/v1/common.schema.h"
#include "dissectd/v1/dissection.schema.h"

namespace dissectd::engine {

// The values of one field in the frames of a batch: dissectd.v1.FieldColumn.
class FieldColumn {
 public:
  // Creates the column of a registered field or protocol. `strings` is not
  // owned and outlives this.
  FieldColumn(const std::string& name, uint32_t max_value_bytes,
              StringTable* strings);

  // Adds an occurrence in the frame that is being written.
  void Add(const field_info& node);

  // Ends the current frame.
  void EndFrame();

  size_t SizeBytes() const;

  // Returns the serialised column, and clears it.
  std::string Take();

 private:
  class ValueWriter;

  void AddBytes(absl::string_view value);
  void AddAsText(const field_info& node);
  // Says that the last value isn't whole.
  void NoteTruncated();

  const std::string name_;
  const uint32_t max_value_bytes_;
  StringTable* strings_;
  schema::FieldType type_;
  schema::ColumnValueKind kind_;
  // The number of bytes of each value, if all values of the type have the same;
  // else 0.
  uint32_t byte_width_ = 0;

  // The number of occurrences in the current frame, and in the batch.
  uint32_t count_ = 0;
  uint32_t values_ = 0;
  // Whether each frame so far had the field exactly once.
  bool once_each_ = true;
  PackedArray counts_;
  PackedArray numbers_;
  std::string bytes_;
  PackedArray byte_lengths_;
  // Whether a value had other than byte_width_ bytes.
  bool irregular_ = false;
  PackedArray truncated_;
};

// FORM_COLUMNAR: dissectd.v1.ColumnBatch.
class ColumnEncoder : public BatchEncoder {
 public:
  // `view` is not owned and outlives this. Errors: INVALID_ARGUMENT with
  // VIEW_NOT_COLUMNAR.
  static absl::StatusOr<std::unique_ptr<ColumnEncoder>> Create(const View& view,
                                                               TreeWalk walk);

  schema::DissectResponse kind() const override {
    return schema::DissectResponse::kColumnBatch;
  }
  const FieldSet& wanted_fields() const override {
    return walk_.wanted_fields();
  }
  void Add(epan_dissect_t* edt, const frame_data& frame, ColumnSet* columns,
           uint32_t coloring_rule) override;
  size_t SizeBytes() const override;
  EncodedBatch Take() override;

 private:
  ColumnEncoder(const View& view, TreeWalk walk);

  void AddColumns(ColumnSet* columns);

  const TreeWalk walk_;
  StringTable strings_{schema::ColumnBatch::kStrings,
                       schema::ColumnBatch::kRawStrings};
  PackedArray numbers_;
  std::vector<FieldColumn> fields_;
  // The columns that show each field, by libwireshark's number of the field.
  std::vector<std::vector<size_t>> columns_of_field_;
  // The texts of each column.
  std::vector<PackedArray> texts_;
};

}  // namespace dissectd::engine

#endif  // CORE_ENCODE_COLUMN_ENCODER_H_
