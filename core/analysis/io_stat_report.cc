// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/io_stat_report.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>
#include <vector>

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

constexpr uint64_t kRowsOfPart = 2048;
// A table with more rows lacks those without frames.
constexpr uint64_t kMaxDenseRows = uint64_t{1} << 22;
// A text with more rows has some 40 GB, and tshark would need 100 GB of memory.
constexpr uint64_t kMaxTextRows = uint64_t{1} << 30;

bool HasNumbers(const std::vector<IoBucket>& numbers) {
  return std::any_of(numbers.begin(), numbers.end(),
                     [](const IoBucket& bucket) {
                       return bucket.frames != 0 || bucket.total != 0;
                     });
}

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
  void NoteDuration(const nstime_t& time);
  void AddFrame(const packet_info& packet, epan_dissect_t* edt,
                IoSeries* series);

  IoStatLayout MakeLayout() const;
  // Returns the number of rows of the table. It can have more than the text,
  // which lacks a frame at the end of the last interval.
  uint64_t TableRows(const IoStatLayout& layout) const;
  void AddColumns(TableBuilder* table) const;
  // Returns what each series has in a row, which isn't before that of the last
  // call.
  std::vector<IoBucket> ReadRow(uint64_t row);
  // Returns the first row from this one on that is in the table or the text.
  uint64_t NextRow(const IoStatLayout& layout, uint64_t row);
  void AddRow(const IoStatLayout& layout, uint64_t row,
              const std::vector<IoBucket>& numbers, TableBuilder* table) const;
  std::string RowText(const IoStatLayout& layout, uint64_t row,
                      const std::vector<IoBucket>& numbers) const;
  absl::Status SendRows(const IoStatLayout& layout, uint64_t rows);

  const IoStatArgument argument_;
  ReportSink* sink_ = nullptr;
  const nstime_t* elapsed_ = nullptr;
  std::vector<std::unique_ptr<IoSeries>> series_;
  std::vector<std::unique_ptr<TapListener>> listeners_;
  uint64_t duration_us_ = 0;
  // The time of the last frame that isn't before the first one.
  uint64_t last_time_us_ = 0;
  time_t start_time_ = 0;
  // Whether the table lacks rows without frames.
  bool is_sparse_ = false;
  // One for each series, in Finish.
  std::vector<IoSeries::Reader> readers_;
};

absl::Status IoStatReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  elapsed_ = environment.elapsed;
  RETURN_IF_ERROR(
      Listen("", TL_REQUIRES_NOTHING,
             [this](packet_info* packet, epan_dissect_t*, const void*) {
               NoteDuration(packet->rel_ts);
             }));
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

void IoStatReport::NoteDuration(const nstime_t& time) {
  if (IsNegative(time)) return;
  duration_us_ = std::max(duration_us_, MicrosecondsOf(time));
}

void IoStatReport::AddFrame(const packet_info& packet, epan_dissect_t* edt,
                            IoSeries* series) {
  if (!IsNegative(packet.rel_ts)) last_time_us_ = MicrosecondsOf(packet.rel_ts);
  if (start_time_ == 0) start_time_ = packet.abs_ts.secs - packet.rel_ts.secs;
  const int field = series->options().hf_index;
  const GPtrArray* const values =
      field < 0 ? nullptr : proto_get_finfo_ptr_array(edt->tree, field);
  series->AddFrame(last_time_us_, packet.fd->pkt_len, values);
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
    rows = std::max(rows, series->interval_count());
  }
  return rows;
}

absl::Status IoStatReport::Finish() {
  if (elapsed_ != nullptr) NoteDuration(*elapsed_);
  const IoStatLayout layout = MakeLayout();
  const uint64_t rows = TableRows(layout);
  if (sink_->wants_text() && rows > kMaxTextRows) {
    return ReportArgumentError(absl::StrCat(
        "The capture has more than ", kMaxTextRows, " intervals of ",
        argument_.interval_us, " microseconds."));
  }
  is_sparse_ = rows > kMaxDenseRows;
  for (const auto& series : series_) readers_.emplace_back(series.get());
  return SendRows(layout, rows);
}

absl::Status IoStatReport::SendRows(const IoStatLayout& layout, uint64_t rows) {
  const bool wants_text = sink_->wants_text();
  std::string text = wants_text ? layout.Head() : "";
  std::string table;
  TableBuilder builder(table);
  AddColumns(&builder);
  uint64_t rows_of_part = 0;
  for (uint64_t row = 0; row < rows; row = NextRow(layout, row + 1)) {
    const std::vector<IoBucket> numbers = ReadRow(row);
    if (!is_sparse_ || HasNumbers(numbers)) {
      AddRow(layout, row, numbers, &builder);
    }
    if (wants_text && row < layout.row_count()) {
      absl::StrAppend(&text, RowText(layout, row, numbers));
    }
    if (++rows_of_part < kRowsOfPart) continue;
    RETURN_IF_ERROR(sink_->Send(table, text));
    rows_of_part = 0;
    table.clear();
    text.clear();
  }
  return sink_->Send(table, absl::StrCat(text, layout.Foot()));
}

std::vector<IoBucket> IoStatReport::ReadRow(uint64_t row) {
  std::vector<IoBucket> numbers;
  for (IoSeries::Reader& reader : readers_) numbers.push_back(reader.At(row));
  return numbers;
}

uint64_t IoStatReport::NextRow(const IoStatLayout& layout, uint64_t row) {
  if (!is_sparse_ || (sink_->wants_text() && row < layout.row_count())) {
    return row;
  }
  uint64_t next = std::numeric_limits<uint64_t>::max();
  for (IoSeries::Reader& reader : readers_) {
    next = std::min(next, reader.NextUsed(row));
  }
  return next;
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
                          const std::vector<IoBucket>& numbers,
                          TableBuilder* table) const {
  const uint64_t start = layout.RowStart(row);
  const uint64_t end =
      row < layout.row_count() ? layout.RowEnd(row) : layout.RowStart(row + 1);
  protozero::pbf_builder<schema::IoRow> builder(*table, schema::IoTable::kRows);
  builder.add_uint64(schema::IoRow::kStartUs, start);
  builder.add_uint64(schema::IoRow::kEndUs, end);
  for (size_t i = 0; i < series_.size(); ++i) {
    AddCells(series_[i]->options(), numbers[i], end - start, &builder);
  }
}

std::string IoStatReport::RowText(const IoStatLayout& layout, uint64_t row,
                                  const std::vector<IoBucket>& numbers) const {
  std::vector<std::string> texts;
  for (size_t i = 0; i < series_.size(); ++i) {
    AppendNumbers(series_[i]->options(), numbers[i],
                  layout.RowEnd(row) - layout.RowStart(row), &texts);
  }
  return layout.Row(row, texts);
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
