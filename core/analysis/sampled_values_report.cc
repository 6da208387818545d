// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/sampled_values_report.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/report_tables.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

// There is a frame for each sample, some thousand in a second.
constexpr size_t kRowsOfPart = 1000;

class SampledValuesReport final : public Report {
 public:
  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Add(const nstime_t& time, const sv_frame_data& sample);
  void AddRow(const nstime_t& time, const sv_frame_data& sample);
  absl::Status SendPart();

  ReportSink* sink_ = nullptr;
  // What wasn't sent yet.
  std::string text_;
  std::vector<std::vector<ReportCell>> rows_;
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
  if (rows_.size() == kRowsOfPart) status_ = SendPart();
}

void SampledValuesReport::AddRow(const nstime_t& time,
                                 const sv_frame_data& sample) {
  const int count =
      std::min<int>(sample.num_phsMeas, IEC61850_SV_MAX_PHSMEAS_ENTRIES);
  std::vector<ReportCell> row = {time, uint64_t{sample.smpCnt}};
  absl::StrAppendFormat(&text_, "%f %u ", nstime_to_sec(&time), sample.smpCnt);
  for (int i = 0; i < count; ++i) {
    const sv_phs_meas& measurement = sample.phsMeas[i];
    row.emplace_back(int64_t{measurement.value});
    absl::StrAppend(&text_, measurement.value, " ");
  }
  text_ += "\n";
  rows_.push_back(std::move(row));
}

absl::Status SampledValuesReport::SendPart() {
  RETURN_IF_ERROR(sink_->SendWhileReading(text_));
  text_.clear();
  ReportTable table{"", {"Time", "Sample", "Values"}, {}};
  table.rows.swap(rows_);
  return SendTables({"", "", {std::move(table)}}, "", sink_);
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
