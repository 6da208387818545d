// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/epan/field_count.h"

#include <array>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "core/epan/printed_text.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// No function returns most of these numbers, so they are read from the report
// that libwireshark prints.
std::optional<FieldCount> CountFields() {
  const std::string report = PrintedText(
      [] { proto_registrar_dump_fieldcount(); }, AfterPrinting::kLeavesOpen);
  FieldCount count;
  const std::array<uint32_t*, 7> numbers = {
      &count.registered, &count.deregistered, &count.protocols,
      &count.same_name,  &count.preallocated, &count.table_kib,
      &count.fields_kib,
  };
  size_t found = 0;
  for (const absl::string_view word :
       absl::StrSplit(report, absl::ByAnyChar(" \t\n"), absl::SkipEmpty())) {
    uint32_t number = 0;
    if (!absl::SimpleAtoi(word, &number)) continue;
    if (found == numbers.size()) return std::nullopt;
    *numbers.at(found++) = number;
  }
  if (found != numbers.size()) return std::nullopt;
  return count;
}

}  // namespace dissectd::engine
