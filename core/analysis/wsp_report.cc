// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/wsp_report.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "wsp,stat";

// The types of PDUs that are printed: one list, in two columns.
constexpr uint32_t kPrintedTypes[] = {0x01, 0x02, 0x03, 0x04, 0x05,
                                      0x06, 0x07, 0x08, 0x09, 0x40,
                                      0x41, 0x42, 0x43, 0x44, 0x60};
constexpr size_t kRows = 8;

class WspReport final : public Report {
 public:
  explicit WspReport(std::string filter) : filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Count(const wsp_info_value_t& message);
  std::string Text() const;
  // Returns a cell of the text's table of PDUs.
  std::string TypeText(size_t index) const;
  ReportTables Tables() const;

  const std::string filter_;
  std::map<uint32_t, uint32_t> types_;
  std::map<uint32_t, uint32_t> statuses_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<TapListener> tap_;
};

absl::Status WspReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  for (const uint32_t type : kPrintedTypes) types_[type] = 0;
  TapListener::Options options;
  options.tap = "wsp";
  options.filter = filter_;
  ASSIGN_OR_RETURN(tap_,
                   RegisterReportTap(
                       "wsp,stat tap", options,
                       [this](packet_info*, epan_dissect_t*, const void* data) {
                         Count(*static_cast<const wsp_info_value_t*>(data));
                       }));
  return absl::OkStatus();
}

void WspReport::Count(const wsp_info_value_t& message) {
  ++types_[message.pdut];
  if (message.status_code != 0) {
    ++statuses_[static_cast<uint32_t>(message.status_code)];
  }
}

absl::Status WspReport::Finish() { return SendTables(Tables(), Text(), sink_); }

std::string NameOf(uint32_t value, value_string_ext* names) {
  return val_to_str_ext_const(value, names, "");
}

std::string WspReport::TypeText(size_t index) const {
  if (index >= std::size(kPrintedTypes)) return "";
  const uint32_t type = kPrintedTypes[index];
  return absl::StrFormat("%-23s %9u", NameOf(type, &wsp_vals_pdu_type_ext),
                         types_.at(type));
}

std::string WspReport::Text() const {
  const std::string line(67, '=');
  constexpr absl::string_view kTitle = "PDU Type                  Packets";
  std::string text = absl::StrCat("\n", line, "\nWSP Statistics:\n", kTitle,
                                  " || ", kTitle, "\n");
  for (size_t row = 0; row < kRows; ++row) {
    absl::StrAppend(&text, TypeText(row), " || ", TypeText(row + kRows), "\n");
  }
  absl::StrAppend(&text,
                  "\nStatus code in reply packets\n"
                  "Status Code    Packets  Description\n");
  // tshark prints statuses in the order of their places in memory, and without
  // their names.
  for (const auto& [status, packets] : statuses_) {
    absl::StrAppendFormat(&text, "       0x%02X  %9u  (null)\n", status,
                          packets);
  }
  absl::StrAppend(&text, line, "\n");
  return text;
}

ReportTable CountTable(const std::string& title,
                       const std::map<uint32_t, uint32_t>& counts,
                       value_string_ext* names) {
  ReportTable table{title, {"Code", "Name", "Packets"}, {}};
  for (const auto& [value, packets] : counts) {
    table.rows.push_back(
        {uint64_t{value}, NameOf(value, names), uint64_t{packets}});
  }
  return table;
}

ReportTables WspReport::Tables() const {
  return {"WSP Statistics",
          filter_,
          {CountTable("PDU types", types_, &wsp_vals_pdu_type_ext),
           CountTable("Statuses", statuses_, &wsp_vals_status_ext)}};
}

}  // namespace

ReportType WspReportType() {
  return {kName, "[,filter]", schema::TableKind::kTables,
          [](const std::string& argument) {
            return std::make_unique<WspReport>(
                FilterOfReport(kName, argument).value_or(""));
          }};
}

}  // namespace dissectd::engine
