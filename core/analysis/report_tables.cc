// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/report_tables.h"

#include <algorithm>
#include <protozero/pbf_builder.hpp>

#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/message_fields.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr size_t kMaxRowsOfPart = 1000;
constexpr size_t kMaxTextOfPart = size_t{256} * 1024;

class CellWriter {
 public:
  explicit CellWriter(protozero::pbf_builder<schema::Cell>* out) : out_(out) {}

  void operator()(std::monostate) const {}
  void operator()(uint64_t value) const {
    out_->add_uint64(schema::Cell::kUnsignedValue, value);
  }
  void operator()(int64_t value) const {
    out_->add_sint64(schema::Cell::kSignedValue, value);
  }
  void operator()(double value) const {
    out_->add_double(schema::Cell::kDoubleValue, value);
  }
  void operator()(const std::string& value) const {
    out_->add_string(schema::Cell::kStringValue, MakeValidUtf8(value));
  }
  void operator()(const nstime_t& value) const {
    AddTime(value, schema::Cell::kTimeValue, out_);
  }

 private:
  protozero::pbf_builder<schema::Cell>* const out_;
};

void AddRow(const std::vector<ReportCell>& row,
            protozero::pbf_builder<schema::ValueTable>* out) {
  protozero::pbf_builder<schema::ValueRow> message(*out,
                                                   schema::ValueTable::kRows);
  for (const ReportCell& cell : row) {
    protozero::pbf_builder<schema::Cell> value(message,
                                               schema::ValueRow::kCells);
    std::visit(CellWriter(&value), cell);
  }
}

// Makes the messages that tables are sent in.
class PartWriter {
 public:
  explicit PartWriter(const ReportTables& tables) : tables_(tables) {}

  bool done() const { return table_ == tables_.tables.size(); }

  // Returns the next part.
  std::string Next();

 private:
  // Adds rows of the current table, and goes on to the next one after the last
  // row. Returns how many rows were added.
  size_t AddRows(size_t limit,
                 protozero::pbf_builder<schema::ValueTables>* out);

  const ReportTables& tables_;
  size_t table_ = 0;
  size_t row_ = 0;
};

std::string PartWriter::Next() {
  std::string bytes;
  protozero::pbf_builder<schema::ValueTables> out(bytes);
  out.add_string(schema::ValueTables::kTitle, MakeValidUtf8(tables_.title));
  out.add_string(schema::ValueTables::kFilter, MakeValidUtf8(tables_.filter));
  size_t left = kMaxRowsOfPart;
  while (!done() && left > 0) left -= AddRows(left, &out);
  return bytes;
}

size_t PartWriter::AddRows(size_t limit,
                           protozero::pbf_builder<schema::ValueTables>* out) {
  const ReportTable& table = tables_.tables[table_];
  protozero::pbf_builder<schema::ValueTable> message(
      *out, schema::ValueTables::kTables);
  message.add_string(schema::ValueTable::kTitle, MakeValidUtf8(table.title));
  for (const std::string& column : table.columns) {
    message.add_string(schema::ValueTable::kColumns, MakeValidUtf8(column));
  }
  const size_t added = std::min(limit, table.rows.size() - row_);
  for (const size_t end = row_ + added; row_ < end; ++row_) {
    AddRow(table.rows[row_], &message);
  }
  if (row_ == table.rows.size()) {
    ++table_;
    row_ = 0;
  }
  return added;
}

}  // namespace

absl::Status SendTables(const ReportTables& tables, absl::string_view text,
                        ReportSink* sink) {
  PartWriter writer(tables);
  do {
    const absl::string_view part = text.substr(0, kMaxTextOfPart);
    text.remove_prefix(part.size());
    RETURN_IF_ERROR(sink->Send(writer.Next(), part));
  } while (!writer.done() || !text.empty());
  return absl::OkStatus();
}

}  // namespace dissectd::engine
