// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_VALUE_TABLE_PARTS_H_
#define CORE_ANALYSIS_VALUE_TABLE_PARTS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/analysis/report.h"

namespace dissectd::engine {

// Sends a report that is one ValueTable in parts of a few hundred kilobytes:
// each has the title and the columns, and the next rows.
class ValueTableParts {
 public:
  // `sink` outlives this.
  ValueTableParts(ReportSink* sink, std::string title,
                  std::vector<std::string> columns)
      : sink_(sink), title_(std::move(title)), columns_(std::move(columns)) {}

  // Adds a serialised ValueRow and its text. Errors: those of ReportSink::Send.
  absl::Status AddRow(std::string row, absl::string_view text);

  void AddText(absl::string_view text) { absl::StrAppend(&text_, text); }

  // Sends the last part, even if it has no rows. Errors: as above.
  absl::Status Finish() { return SendPart(); }

 private:
  absl::Status SendPart();

  ReportSink* const sink_;
  const std::string title_;
  const std::vector<std::string> columns_;
  std::vector<std::string> rows_;
  std::string text_;
  size_t bytes_ = 0;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_VALUE_TABLE_PARTS_H_
