// SPDX-License-Identifier: Apache-2.0

#ifndef CLIENTS_CPP_COLUMN_VIEW_H_
#define CLIENTS_CPP_COLUMN_VIEW_H_

#include <cstddef>
#include <vector>

#include "clients/cpp/field_table.h"
#include "clients/cpp/node.h"
#include "dissectd/v1/dissection.pb.h"

namespace dissectd {

// The values of one field in a batch of the columnar form. Programs that can
// use arrays take them from the message itself.
//
// Thread-compatible.
class ColumnView {
 public:
  // `batch` and `column`, which is one of its fields, outlive this.
  ColumnView(const v1::ColumnBatch& batch, const v1::FieldColumn& column);
  ColumnView(const ColumnView&) = delete;
  ColumnView& operator=(const ColumnView&) = delete;

  const Field& field() const { return field_; }

  // Returns the values of each frame, as nodes without a place in a tree. They
  // refer to this and to the batch.
  std::vector<std::vector<Node>> Rows() const;

 private:
  int CountIn(int frame) const;
  // `position` is that of the next value in the bytes of the column.
  Node NodeAt(int index, size_t* position) const;

  const v1::ColumnBatch& batch_;
  const v1::FieldColumn& column_;
  const Field field_;
};

}  // namespace dissectd

#endif  // CLIENTS_CPP_COLUMN_VIEW_H_
