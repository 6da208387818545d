// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/sampled_values_report.h"

#include <algorithm>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/value_row.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

// There is a frame for each sample, some thousand in a second.
constexpr size_t kMaxPartBytes = size_t{64} * 1024;

class SampledValuesReport final : public Report {
 public:
  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Add(const nstime_t& time, const sv_frame_data& sample);
  void AddRow(const nstime_t& time, const sv_frame_data& sample);
  absl::Status SendPart();

  ReportSink* sink_ = nullptr;
  // What wasn't sent yet: lines, and serialised members of a ValueTable.
  std::string text_;
  std::string rows_;
  bool sent_head_ = false;
  // The error that ended sending.
  absl::Status status_;
  std::unique_ptr<TapListener> tap_;
};

absl::Status SampledValuesReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "sv";
  ASSIGN_OR_RETURN(
      tap_,
      TapListener::Register(options, [this](packet_info* packet,
                                            epan_dissect_t*, const void* data) {
        Add(packet->rel_ts, *static_cast<const sv_frame_data*>(data));
      }));
  return absl::OkStatus();
}

void SampledValuesReport::Add(const nstime_t& time,
                              const sv_frame_data& sample) {
  if (!status_.ok()) return;
  AddRow(time, sample);
  if (text_.size() + rows_.size() > kMaxPartBytes) status_ = SendPart();
}

void SampledValuesReport::AddRow(const nstime_t& time,
                                 const sv_frame_data& sample) {
  const int count =
      std::min<int>(sample.num_phsMeas, IEC61850_SV_MAX_PHSMEAS_ENTRIES);
  ValueTableBuilder table(rows_);
  ValueRow row(&table);
  row.Time(time).Unsigned(sample.smpCnt);
  absl::StrAppendFormat(&text_, "%f %u ", nstime_to_sec(&time), sample.smpCnt);
  for (int i = 0; i < count; ++i) {
    const sv_phs_meas& measurement = sample.phsMeas[i];
    row.Signed(measurement.value);
    absl::StrAppend(&text_, measurement.value, " ");
  }
  text_ += "\n";
}

absl::Status SampledValuesReport::SendPart() {
  std::string table;
  if (!sent_head_) {
    ValueTableBuilder out(table);
    AddTableHead("", {"Time", "Sample", "Values"}, &out);
    sent_head_ = true;
  }
  table += rows_;
  std::string tables;
  protozero::pbf_builder<schema::ValueTables>(tables).add_message(
      schema::ValueTables::kTables, table);
  RETURN_IF_ERROR(sink_->SendWhileReading(text_));
  text_.clear();
  rows_.clear();
  return sink_->Send(tables, "");
}

absl::Status SampledValuesReport::Finish() {
  RETURN_IF_ERROR(status_);
  return SendPart();
}

}  // namespace

std::vector<ReportType> SampledValuesReports() {
  return {{"sv", "", schema::TableKind::kTables,
           [](const std::string&) -> absl::StatusOr<std::unique_ptr<Report>> {
             return std::make_unique<SampledValuesReport>();
           }}};
}

}  // namespace dissectd::engine
