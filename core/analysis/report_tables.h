// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_REPORT_TABLES_H_
#define CORE_ANALYSIS_REPORT_TABLES_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "core/analysis/report.h"
#include "core/epan/wireshark.h"

namespace dissectd::engine {

// A value in a table; empty if it is std::monostate. Texts may be any bytes.
using ReportCell = std::variant<std::monostate, uint64_t, int64_t, double,
                                std::string, nstime_t>;

// dissectd.v1.ValueTable.
struct ReportTable {
  std::string title;
  std::vector<std::string> columns;
  std::vector<std::vector<ReportCell>> rows;
};

// dissectd.v1.ValueTables.
struct ReportTables {
  std::string title;
  std::string filter;
  std::vector<ReportTable> tables;
};

// Sends tables, and what tshark prints of them, in parts of a bounded size. A
// table that is split has its title and columns in each part.
absl::Status SendTables(const ReportTables& tables, absl::string_view text,
                        ReportSink* sink);

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_REPORT_TABLES_H_
