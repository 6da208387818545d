// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/response_delay_report.h"

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/types/span.h"
#include "core/analysis/library_tap.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/wireshark_version.h"

namespace dissectd::engine {
namespace {

constexpr char kColumns[] =
    "Type    | Messages   |    Min RTD    |    Max RTD    |    Avg RTD    | "
    "Min in Frame | Max in Frame |";
constexpr char kCounterColumns[] =
    " Open Requests | Discarded responses | Duplicate requests | Duplicate "
    "responses";

// Messages of one type that were answered.
struct Delays {
  const char* type;
  const timestat_t* times;
  // The counters that this type shares with the others of its table.
  const rtd_timestat* counters;
};

class ResponseDelayReport final : public Report {
 public:
  ResponseDelayReport(register_rtd_t* protocol, std::string argument)
      : protocol_(protocol), argument_(std::move(argument)) {}
  ~ResponseDelayReport() override;
  ResponseDelayReport(const ResponseDelayReport&) = delete;
  ResponseDelayReport& operator=(const ResponseDelayReport&) = delete;

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  const char* ShortName() const;
  absl::Span<const rtd_timestat> Tables() const;
  // With a single table, its rows are the types; else each table is a type.
  bool HasSingleTable() const { return Tables().size() == 1; }
  std::vector<Delays> CollectDelays() const;
  std::string Text(const std::vector<Delays>& rows) const;
  ReportTables TablesOf(const std::vector<Delays>& rows) const;

  register_rtd_t* const protocol_;
  const std::string argument_;
  std::string filter_;
  ReportSink* sink_ = nullptr;
  rtd_data_t data_ = {};
  std::unique_ptr<LibraryTap> tap_;
};

ResponseDelayReport::~ResponseDelayReport() {
  tap_.reset();
  free_rtd_table(&data_.stat_table);
}

absl::Status ResponseDelayReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  const char* filter = nullptr;
  char* problem = nullptr;
  rtd_table_get_filter(protocol_, argument_.c_str(), &filter, &problem);
  const GCharPtr owned_problem(problem);
  if (problem != nullptr) return ReportArgumentError(problem);
  filter_ = filter == nullptr ? "" : filter;
  rtd_table_dissector_init(protocol_, &data_.stat_table, nullptr, nullptr);
  LibraryTap::Options options;
  options.tap = get_rtd_tap_listener_name(protocol_);
  options.filter = filter_;
  options.on_packet = get_rtd_packet_func(protocol_);
  // tshark calls this listener like that of service response times.
  ASSIGN_OR_RETURN(tap_, RegisterReportTap("srt tap", options, &data_));
  return absl::OkStatus();
}

absl::Status ResponseDelayReport::Finish() {
  const std::vector<Delays> rows = CollectDelays();
  return SendTables(TablesOf(rows), Text(rows), sink_);
}

const char* ResponseDelayReport::ShortName() const {
  return proto_get_protocol_short_name(
      find_protocol_by_id(get_rtd_proto_id(protocol_)));
}

absl::Span<const rtd_timestat> ResponseDelayReport::Tables() const {
  return {data_.stat_table.time_stats, data_.stat_table.num_rtds};
}

std::vector<Delays> ResponseDelayReport::CollectDelays() const {
  const value_string* const names = get_rtd_value_string(protocol_);
  std::vector<Delays> rows;
  for (guint table = 0; table < Tables().size(); ++table) {
    const rtd_timestat& counters = Tables()[table];
    for (guint i = 0; i < counters.num_timestat; ++i) {
      if (counters.rtd[i].num == 0) continue;
      const guint type = HasSingleTable() ? i : table;
      rows.push_back({val_to_str_const(type, names, "Other"), &counters.rtd[i],
                      &counters});
    }
  }
  return rows;
}

double Percent(guint32 count, guint32 all) {
  return 100.0 * static_cast<double>(count) / static_cast<double>(all);
}

std::string CounterText(const Delays& row) {
  const rtd_timestat& counters = *row.counters;
  return absl::StrFormat(
      "  %10u  |  %10u  | %4u (%4.2f%%) | %4u (%4.2f%%)  |",
      counters.open_req_num, counters.disc_rsp_num, counters.req_dup_num,
      Percent(counters.req_dup_num, row.times->num), counters.rsp_dup_num,
      Percent(counters.rsp_dup_num, row.times->num));
}

std::string ResponseDelayReport::Text(const std::vector<Delays>& rows) const {
  const std::string line(101, '=');
  std::string text = absl::StrCat("\n", line, "\n", ShortName(),
                                  " Response Time Delay (RTD) Statistics:\n",
                                  "Filter for statistics: ", filter_, "\n");
  if (HasSingleTable()) {
    const rtd_timestat& counters = Tables().front();
    absl::StrAppend(&text, "Duplicate requests: ", counters.req_dup_num,
                    "\nDuplicate responses: ", counters.rsp_dup_num,
                    "\nOpen requests: ", counters.open_req_num,
                    "\nDiscarded responses: ", counters.disc_rsp_num, "\n");
  }
  absl::StrAppend(&text, kColumns, HasSingleTable() ? "" : kCounterColumns,
                  "\n");
  for (const Delays& row : rows) {
    const timestat_t& times = *row.times;
    absl::StrAppendFormat(
        &text,
        "%s | %7u    | %8.2f msec | %8.2f msec | %8.2f msec |  %10u  |  %10u  "
        "|",
        row.type, times.num, nstime_to_msec(&times.min),
        nstime_to_msec(&times.max), get_average(&times.tot, times.num),
        times.min_num, times.max_num);
    absl::StrAppend(&text, HasSingleTable() ? "" : CounterText(row), "\n");
  }
  return absl::StrCat(text, line, "\n");
}

std::vector<ReportCell> CounterCells(const rtd_timestat& counters) {
  return {uint64_t{counters.open_req_num}, uint64_t{counters.disc_rsp_num},
          uint64_t{counters.req_dup_num}, uint64_t{counters.rsp_dup_num}};
}

ReportTables ResponseDelayReport::TablesOf(
    const std::vector<Delays>& rows) const {
  ReportTable delays{
      "Delays",
      {"Type", "Messages", "Minimum (ms)", "Maximum (ms)", "Average (ms)",
       "Frame of minimum", "Frame of maximum", "Open requests",
       "Discarded responses", "Duplicate requests", "Duplicate responses"},
      {}};
  for (const Delays& entry : rows) {
    const timestat_t& times = *entry.times;
    std::vector<ReportCell> row = {entry.type,
                                   uint64_t{times.num},
                                   nstime_to_msec(&times.min),
                                   nstime_to_msec(&times.max),
                                   get_average(&times.tot, times.num),
                                   uint64_t{times.min_num},
                                   uint64_t{times.max_num}};
    if (!HasSingleTable()) {
      for (ReportCell& cell : CounterCells(*entry.counters)) {
        row.push_back(std::move(cell));
      }
    }
    delays.rows.push_back(std::move(row));
  }
  ReportTables tables{ShortName(), filter_, {std::move(delays)}};
  if (HasSingleTable()) {
    tables.tables.push_back({"Counters",
                             {"Open requests", "Discarded responses",
                              "Duplicate requests", "Duplicate responses"},
                             {CounterCells(Tables().front())}});
  }
  return tables;
}

WsBool AddType(const void*, void* value, void* user_data) {
  auto* const protocol = static_cast<register_rtd_t*>(value);
  auto* const types = static_cast<std::vector<ReportType>*>(user_data);
  const GCharPtr name(rtd_table_get_tap_string(protocol));
  types->push_back({name.get(), "[,filter]", schema::TableKind::kTables,
                    [protocol](const std::string& argument)
                        -> absl::StatusOr<std::unique_ptr<Report>> {
                      return std::make_unique<ResponseDelayReport>(protocol,
                                                                   argument);
                    }});
  return FALSE;
}

}  // namespace

std::vector<ReportType> ResponseDelayReports() {
  std::vector<ReportType> types;
  rtd_table_iterate_tables(AddType, &types);
  return types;
}

}  // namespace dissectd::engine
