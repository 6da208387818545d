// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_REPORT_PARTS_H_
#define CORE_ANALYSIS_REPORT_PARTS_H_

#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "core/analysis/report.h"

namespace dissectd::engine {

// Sends a long report in parts of a few hundred kilobytes.
class ReportParts {
 public:
  // `head` is what the table of each part begins with, serialised. `sink`
  // outlives this.
  ReportParts(ReportSink* sink, std::string head)
      : sink_(sink), head_(std::move(head)), table_(head_) {}

  // Adds a row, which is the message `member` of the table, and its text.
  // Errors: those of ReportSink::Send.
  template <typename Table>
  absl::Status AddRow(Table member, const std::string& row,
                      absl::string_view text) {
    protozero::pbf_builder<Table>(table_).add_message(member, row);
    AddText(text);
    if (table_.size() + text_.size() < kPartBytes) return absl::OkStatus();
    return SendPart();
  }

  void AddText(absl::string_view text) { absl::StrAppend(&text_, text); }

  // Sends the last part, even if it has no rows. Errors: as above.
  absl::Status Finish() { return SendPart(); }

 private:
  static constexpr size_t kPartBytes = 256 << 10;

  absl::Status SendPart() {
    const absl::Status status = sink_->Send(table_, text_);
    table_ = head_;
    text_.clear();
    return status;
  }

  ReportSink* const sink_;
  const std::string head_;
  std::string table_;
  std::string text_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_REPORT_PARTS_H_
