// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/value_table_parts.h"

#include <protozero/pbf_builder.hpp>

#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr size_t kPartBytes = 256 << 10;

}  // namespace

absl::Status ValueTableParts::AddRow(std::string row, absl::string_view text) {
  bytes_ += row.size() + text.size();
  rows_.push_back(std::move(row));
  AddText(text);
  return bytes_ < kPartBytes ? absl::OkStatus() : SendPart();
}

absl::Status ValueTableParts::SendPart() {
  std::string message;
  {
    protozero::pbf_builder<schema::ValueTables> tables(message);
    tables.add_string(schema::ValueTables::kTitle, title_);
    protozero::pbf_builder<schema::ValueTable> table(
        tables, schema::ValueTables::kTables);
    for (const std::string& column : columns_) {
      table.add_string(schema::ValueTable::kColumns, column);
    }
    for (const std::string& row : rows_) {
      table.add_message(schema::ValueTable::kRows, row);
    }
  }
  const absl::Status status = sink_->Send(message, text_);
  rows_.clear();
  text_.clear();
  bytes_ = 0;
  return status;
}

}  // namespace dissectd::engine
