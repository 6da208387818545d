// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_VALUE_ROW_H_
#define CORE_ANALYSIS_VALUE_ROW_H_

#include <cstdint>
#include <initializer_list>
#include <protozero/pbf_builder.hpp>

#include "absl/strings/string_view.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/analysis.schema.h"
#include "dissectd/v1/common.schema.h"

namespace dissectd::engine {

using ValueTableBuilder = protozero::pbf_builder<schema::ValueTable>;

// Writes the title and the columns of a table, which come before its rows.
void AddTableHead(absl::string_view title,
                  std::initializer_list<absl::string_view> columns,
                  ValueTableBuilder* table);

// Writes a time as a dissectd.v1.TimeValue to a member of a message.
template <typename Message>
void AddTime(const nstime_t& time, Message member,
             protozero::pbf_builder<Message>* out) {
  protozero::pbf_builder<schema::TimeValue> value(*out, member);
  value.add_sint64(schema::TimeValue::kSeconds, time.secs);
  value.add_sint32(schema::TimeValue::kNanos, time.nsecs);
}

// Writes a row of a table, cell by cell. The row is complete when this is
// destroyed; until then nothing else may be written to the table.
class ValueRow {
 public:
  explicit ValueRow(ValueTableBuilder* table)
      : row_(*table, schema::ValueTable::kRows) {}

  ValueRow& Unsigned(uint64_t value);
  ValueRow& Signed(int64_t value);
  ValueRow& Double(double value);
  // Makes the text valid UTF-8.
  ValueRow& Text(absl::string_view text);
  ValueRow& Time(const nstime_t& time);

 private:
  protozero::pbf_builder<schema::ValueRow> row_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_VALUE_ROW_H_
