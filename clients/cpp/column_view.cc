// SPDX-License-Identifier: Apache-2.0

#include "clients/cpp/column_view.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_field.h"

namespace dissectd {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;

// Returns an element. Missing ones, which only a broken server leaves out, are
// 0.
template <typename Element>
Element At(const google::protobuf::RepeatedField<Element>& array, int index) {
  return index < array.size() ? array.Get(index) : Element();
}

v1::Field FieldOf(const v1::FieldColumn& column) {
  v1::Field field;
  field.set_name(column.name());
  field.set_type(column.type());
  return field;
}

}  // namespace

ColumnView::ColumnView(const v1::ColumnBatch& batch,
                       const v1::FieldColumn& column)
    : batch_(batch), column_(column), field_(FieldOf(column)) {}

std::vector<std::vector<Node>> ColumnView::Rows() const {
  std::vector<std::vector<Node>> rows(
      static_cast<size_t>(batch_.frame_numbers_size()));
  int index = 0;
  size_t position = 0;
  for (int frame = 0; frame < batch_.frame_numbers_size(); ++frame) {
    for (int i = CountIn(frame); i > 0; --i) {
      rows[static_cast<size_t>(frame)].push_back(NodeAt(index++, &position));
    }
  }
  return rows;
}

int ColumnView::CountIn(int frame) const {
  // The counts are left out if each frame has exactly one.
  if (column_.counts().empty()) return 1;
  return static_cast<int>(At(column_.counts(), frame));
}

Node ColumnView::NodeAt(int index, size_t* position) const {
  Node node;
  node.field = &field_;
  switch (column_.value_kind()) {
    case v1::COLUMN_VALUE_KIND_UINT32:
      node.value_kind = v1::VALUE_KIND_UINT32;
      node.unsigned_value = At(column_.uint32_values(), index);
      break;
    case v1::COLUMN_VALUE_KIND_UINT64:
      node.value_kind = v1::VALUE_KIND_UINT64;
      node.unsigned_value = At(column_.uint64_values(), index);
      break;
    case v1::COLUMN_VALUE_KIND_SINT32:
      node.value_kind = v1::VALUE_KIND_SINT32;
      node.signed_value = At(column_.sint32_values(), index);
      break;
    case v1::COLUMN_VALUE_KIND_SINT64:
      node.value_kind = v1::VALUE_KIND_SINT64;
      node.signed_value = At(column_.sint64_values(), index);
      break;
    case v1::COLUMN_VALUE_KIND_DOUBLE:
      node.value_kind = v1::VALUE_KIND_DOUBLE;
      node.double_value = At(column_.double_values(), index);
      break;
    case v1::COLUMN_VALUE_KIND_STRING: {
      node.value_kind = v1::VALUE_KIND_STRING;
      const uint32_t text = At(column_.string_indexes(), index);
      if (text < static_cast<uint32_t>(batch_.strings_size())) {
        node.text = batch_.strings(static_cast<int>(text));
      }
      break;
    }
    case v1::COLUMN_VALUE_KIND_BYTES: {
      node.value_kind = v1::VALUE_KIND_BYTES;
      const uint32_t length = column_.byte_lengths().empty()
                                  ? column_.byte_width()
                                  : At(column_.byte_lengths(), index);
      const absl::string_view data = column_.byte_data();
      node.text = data.substr(std::min(*position, data.size()), length);
      *position += node.text.size();
      break;
    }
    case v1::COLUMN_VALUE_KIND_NANOSECONDS: {
      node.value_kind = v1::VALUE_KIND_TIME;
      const int64_t nanoseconds = At(column_.sint64_values(), index);
      node.seconds = nanoseconds / kNanosPerSecond;
      node.nanos = static_cast<int32_t>(nanoseconds % kNanosPerSecond);
      break;
    }
    default:
      break;
  }
  return node;
}

}  // namespace dissectd
