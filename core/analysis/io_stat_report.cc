// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/io_stat_report.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "core/analysis/io_stat_argument.h"
#include "core/analysis/io_stat_layout.h"
#include "core/analysis/io_stat_numbers.h"
#include "core/analysis/io_stat_series.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/epan/tap_listener.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

using TableBuilder = protozero::pbf_builder<schema::IoTable>;

uint64_t MicrosecondsOf(const nstime_t& time) {
  return static_cast<uint64_t>(time.secs) * 1000000 +
         static_cast<uint64_t>((time.nsecs + 500) / 1000);
}

bool IsNegative(const nstime_t& time) {
  return time.secs < 0 || time.nsecs < 0;
}

void SetTimes(IoLayoutOptions* options) {
  const ts_type type = timestamp_get_type();
  options->utc =
      type == TS_UTC || type == TS_UTC_WITH_YMD || type == TS_UTC_WITH_YDOY;
  switch (type) {
    case TS_ABSOLUTE:
    case TS_UTC:
      options->times = IoTimes::kTimeOfDay;
      break;
    case TS_ABSOLUTE_WITH_YMD:
    case TS_UTC_WITH_YMD:
      options->times = IoTimes::kDate;
      break;
    case TS_ABSOLUTE_WITH_YDOY:
    case TS_UTC_WITH_YDOY:
      options->times = IoTimes::kDayOfYear;
      break;
    default:
      break;
  }
}

class IoStatReport final : public Report {
 public:
  explicit IoStatReport(IoStatArgument argument)
      : argument_(std::move(argument)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  absl::Status Listen(const std::string& filter, unsigned flags,
                      TapListener::PacketFn call);
  void NoteDuration(const packet_info& packet);
  void AddFrame(const packet_info& packet, epan_dissect_t* edt,
                IoSeries* series);

  IoStatLayout MakeLayout() const;
  // Returns the number of rows of the table. It can have more than the text,
  // which lacks a frame at the end of the last interval.
  uint64_t TableRows(const IoStatLayout& layout) const;
  void AddColumns(TableBuilder* table) const;
  void AddRow(const IoStatLayout& layout, uint64_t row,
              TableBuilder* table) const;
  std::string RowText(const IoStatLayout& layout, uint64_t row) const;
  absl::Status SendRows(const IoStatLayout& layout, uint64_t first,
                        uint64_t rows);

  const IoStatArgument argument_;
  ReportSink* sink_ = nullptr;
  std::vector<std::unique_ptr<IoSeries>> series_;
  std::vector<std::unique_ptr<TapListener>> listeners_;
  uint64_t duration_us_ = 0;
  // The time of the last frame that isn't before the first one.
  uint64_t last_time_us_ = 0;
  time_t start_time_ = 0;
  bool is_too_long_ = false;
};

absl::Status IoStatReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  RETURN_IF_ERROR(Listen("", TL_REQUIRES_NOTHING,
                         [this](packet_info* packet, epan_dissect_t*,
                                const void*) { NoteDuration(*packet); }));
  for (const IoSeriesOptions& options : argument_.series) {
    series_.push_back(
        std::make_unique<IoSeries>(options, argument_.interval_us));
    IoSeries* const series = series_.back().get();
    const unsigned flags =
        options.field.empty() ? TL_REQUIRES_NOTHING : TL_REQUIRES_PROTO_TREE;
    RETURN_IF_ERROR(Listen(
        options.filter, flags,
        [this, series](packet_info* packet, epan_dissect_t* edt, const void*) {
          AddFrame(*packet, edt, series);
        }));
  }
  return absl::OkStatus();
}

absl::Status IoStatReport::Listen(const std::string& filter, unsigned flags,
                                  TapListener::PacketFn call) {
  TapListener::Options options;
  options.tap = "frame";
  options.filter = filter;
  options.flags = flags;
  ASSIGN_OR_RETURN(std::unique_ptr<TapListener> listener,
                   TapListener::Register(options, std::move(call)));
  listeners_.push_back(std::move(listener));
  return absl::OkStatus();
}

void IoStatReport::NoteDuration(const packet_info& packet) {
  if (IsNegative(packet.rel_ts)) return;
  duration_us_ = std::max(duration_us_, MicrosecondsOf(packet.rel_ts));
}

void IoStatReport::AddFrame(const packet_info& packet, epan_dissect_t* edt,
                            IoSeries* series) {
  if (!IsNegative(packet.rel_ts)) last_time_us_ = MicrosecondsOf(packet.rel_ts);
  if (start_time_ == 0) start_time_ = packet.abs_ts.secs - packet.rel_ts.secs;
  const int field = series->options().hf_index;
  const GPtrArray* const values =
      field < 0 ? nullptr : proto_get_finfo_ptr_array(edt->tree, field);
  if (!series->AddFrame(last_time_us_, packet.fd->pkt_len, values)) {
    is_too_long_ = true;
  }
}

IoStatLayout IoStatReport::MakeLayout() const {
  IoLayoutOptions options;
  SetTimes(&options);
  options.start_time = start_time_;
  options.duration_us = duration_us_;
  options.interval_us = argument_.interval_us;
  options.decimals = argument_.decimals;
  const uint64_t interval_us = std::min(argument_.interval_us, duration_us_);
  for (const auto& series : series_) {
    options.columns.push_back(LayoutOf(*series, interval_us));
  }
  return IoStatLayout(std::move(options));
}

uint64_t IoStatReport::TableRows(const IoStatLayout& layout) const {
  uint64_t rows = layout.row_count();
  for (const auto& series : series_) {
    rows = std::max<uint64_t>(rows, series->buckets().size());
  }
  return rows;
}

absl::Status IoStatReport::Finish() {
  if (is_too_long_) {
    return ReportArgumentError(absl::StrCat(
        "The capture has more than ", IoSeries::kMaxBuckets, " intervals of ",
        argument_.interval_us, " microseconds."));
  }
  constexpr uint64_t kRowsOfPart = 2048;
  const IoStatLayout layout = MakeLayout();
  const uint64_t rows = TableRows(layout);
  for (uint64_t first = 0; first < rows; first += kRowsOfPart) {
    RETURN_IF_ERROR(
        SendRows(layout, first, std::min(kRowsOfPart, rows - first)));
  }
  return absl::OkStatus();
}

absl::Status IoStatReport::SendRows(const IoStatLayout& layout, uint64_t first,
                                    uint64_t rows) {
  std::string text = first == 0 && sink_->wants_text() ? layout.Head() : "";
  std::string table;
  {
    TableBuilder builder(table);
    if (first == 0) AddColumns(&builder);
    for (uint64_t row = first; row < first + rows; ++row) {
      AddRow(layout, row, &builder);
      if (sink_->wants_text() && row < layout.row_count()) {
        absl::StrAppend(&text, RowText(layout, row));
      }
    }
  }
  if (first + rows == TableRows(layout)) absl::StrAppend(&text, layout.Foot());
  return sink_->Send(table, text);
}

void IoStatReport::AddColumns(TableBuilder* table) const {
  const bool is_whole = argument_.interval_us > duration_us_;
  table->add_uint64(schema::IoTable::kIntervalUs,
                    is_whole ? 0 : argument_.interval_us);
  for (const IoSeriesOptions& options : argument_.series) {
    protozero::pbf_builder<schema::IoColumn> column(*table,
                                                    schema::IoTable::kColumns);
    column.add_enum(schema::IoColumn::kCalculation,
                    static_cast<int32_t>(options.calculation));
    column.add_string(schema::IoColumn::kField, MakeValidUtf8(options.field));
    column.add_string(schema::IoColumn::kFilter, MakeValidUtf8(options.filter));
  }
}

void IoStatReport::AddRow(const IoStatLayout& layout, uint64_t row,
                          TableBuilder* table) const {
  const uint64_t start = layout.RowStart(row);
  const uint64_t end =
      row < layout.row_count() ? layout.RowEnd(row) : layout.RowStart(row + 1);
  protozero::pbf_builder<schema::IoRow> builder(*table, schema::IoTable::kRows);
  builder.add_uint64(schema::IoRow::kStartUs, start);
  builder.add_uint64(schema::IoRow::kEndUs, end);
  for (const auto& series : series_) {
    const std::vector<IoBucket>& buckets = series->buckets();
    AddCells(series->options(),
             row < buckets.size() ? buckets[row] : IoBucket(), end - start,
             &builder);
  }
}

std::string IoStatReport::RowText(const IoStatLayout& layout,
                                  uint64_t row) const {
  std::vector<std::string> numbers;
  for (const auto& series : series_) {
    const std::vector<IoBucket>& buckets = series->buckets();
    AppendNumbers(series->options(),
                  row < buckets.size() ? buckets[row] : IoBucket(),
                  layout.RowEnd(row) - layout.RowStart(row), &numbers);
  }
  return layout.Row(row, numbers);
}

absl::StatusOr<std::unique_ptr<Report>> MakeIoStat(
    const std::string& argument) {
  ASSIGN_OR_RETURN(IoStatArgument parsed, ParseIoStatArgument(argument));
  return std::make_unique<IoStatReport>(std::move(parsed));
}

}  // namespace

std::vector<ReportType> IoStatReports() {
  return {
      {"io,stat", ",interval[,filter]...", schema::TableKind::kIo, MakeIoStat}};
}

}  // namespace dissectd::engine
