// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/value_row.h"

#include "core/base/utf8.h"

namespace dissectd::engine {
namespace {

using CellBuilder = protozero::pbf_builder<schema::Cell>;

}  // namespace

void AddTableHead(absl::string_view title,
                  std::initializer_list<absl::string_view> columns,
                  ValueTableBuilder* table) {
  table->add_string(schema::ValueTable::kTitle, MakeValidUtf8(title));
  for (const absl::string_view column : columns) {
    table->add_string(schema::ValueTable::kColumns, MakeValidUtf8(column));
  }
}

ValueRow& ValueRow::Unsigned(uint64_t value) {
  CellBuilder(row_, schema::ValueRow::kCells)
      .add_uint64(schema::Cell::kUnsignedValue, value);
  return *this;
}

ValueRow& ValueRow::Signed(int64_t value) {
  CellBuilder(row_, schema::ValueRow::kCells)
      .add_sint64(schema::Cell::kSignedValue, value);
  return *this;
}

ValueRow& ValueRow::Double(double value) {
  CellBuilder(row_, schema::ValueRow::kCells)
      .add_double(schema::Cell::kDoubleValue, value);
  return *this;
}

ValueRow& ValueRow::Text(absl::string_view text) {
  CellBuilder(row_, schema::ValueRow::kCells)
      .add_string(schema::Cell::kStringValue, MakeValidUtf8(text));
  return *this;
}

ValueRow& ValueRow::Time(const nstime_t& time) {
  CellBuilder cell(row_, schema::ValueRow::kCells);
  AddTime(time, schema::Cell::kTimeValue, &cell);
  return *this;
}

}  // namespace dissectd::engine
