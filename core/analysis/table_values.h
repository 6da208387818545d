// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_TABLE_VALUES_H_
#define CORE_ANALYSIS_TABLE_VALUES_H_

#include <cstdint>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/base/utf8.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/analysis.schema.h"
#include "dissectd/v1/common.schema.h"

// Values of the tables of reports.
namespace dissectd::engine {

// Returns the filter of an argument like `conv,tcp,FILTER`, where `name` is
// `conv,tcp`; absent if there is no comma after the name. Like tshark, ignores
// anything else that follows the name.
inline std::optional<std::string> FilterOf(absl::string_view argument,
                                           absl::string_view name) {
  const std::string prefix = absl::StrCat(name, ",");
  if (!absl::StartsWith(argument, prefix)) return std::nullopt;
  return std::string(argument.substr(prefix.size()));
}

// Adds a TimeValue to a message.
template <typename Message>
void AddTime(Message member, const nstime_t& time,
             protozero::pbf_builder<Message>* out) {
  protozero::pbf_builder<schema::TimeValue> value(*out, member);
  value.add_sint64(schema::TimeValue::kSeconds, time.secs);
  value.add_sint32(schema::TimeValue::kNanos, time.nsecs);
}

// Adds a text of libwireshark, which may be null, to a message.
template <typename Message>
void AddText(Message member, const char* text,
             protozero::pbf_builder<Message>* out) {
  if (text != nullptr) out->add_string(member, MakeValidUtf8(text));
}

// Adds a cell to a row.
inline void AddCell(uint64_t value,
                    protozero::pbf_builder<schema::ValueRow>* row) {
  protozero::pbf_builder<schema::Cell> cell(*row, schema::ValueRow::kCells);
  cell.add_uint64(schema::Cell::kUnsignedValue, value);
}
inline void AddCell(absl::string_view value,
                    protozero::pbf_builder<schema::ValueRow>* row) {
  protozero::pbf_builder<schema::Cell> cell(*row, schema::ValueRow::kCells);
  cell.add_string(schema::Cell::kStringValue, MakeValidUtf8(value));
}

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_TABLE_VALUES_H_
