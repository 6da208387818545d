// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/info_column_report.h"

#include <cstdint>
#include <deque>
#include <memory>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "core/analysis/report_parts.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/base/status_macros.h"
#include "core/epan/handles.h"
#include "core/epan/tap_listener.h"
#include "core/epan/wireshark.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "proto,colinfo";

struct Addition {
  uint32_t frame_number;
  std::string text;
};

std::string InfoOf(packet_info* packet) {
  const char* const text = col_get_text(packet->cinfo, COL_INFO);
  return text == nullptr ? "" : text;
}

class InfoColumnReport final : public Report {
 public:
  InfoColumnReport(std::string filter, int field)
      : filter_(std::move(filter)), field_(field) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Add(packet_info* packet, const epan_dissect_t& edt);

  const std::string filter_;
  // libwireshark's number of the field.
  const int field_;
  std::deque<Addition> additions_;
  ReportSink* sink_ = nullptr;
  std::unique_ptr<TapListener> tap_;
};

absl::Status InfoColumnReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "frame";
  options.filter = filter_;
  options.flags = TL_REQUIRES_COLUMNS;
  ASSIGN_OR_RETURN(
      tap_, RegisterReportTap("proto,colinfo tap", options,
                              [this](packet_info* packet, epan_dissect_t* edt,
                                     const void*) { Add(packet, *edt); }));
  return absl::OkStatus();
}

void InfoColumnReport::Add(packet_info* packet, const epan_dissect_t& edt) {
  // Like tshark, finds the field only if a filter or a column has it.
  const GPtrArray* const nodes =
      edt.tree == nullptr ? nullptr
                          : proto_get_finfo_ptr_array(edt.tree, field_);
  if (nodes == nullptr || packet->cinfo == nullptr) return;
  // The library knows how much the column can hold, and whether the dissectors
  // allow changes. Other reports of this kind add to the same column.
  const std::string before = InfoOf(packet);
  for (guint i = 0; i < nodes->len; ++i) {
    auto* const node = static_cast<field_info*>(g_ptr_array_index(nodes, i));
    const WmemCharPtr text(
        proto_construct_match_selected_string(node, nullptr));
    if (text == nullptr) continue;
    col_append_fstr(packet->cinfo, COL_INFO, "  %s", text.get());
  }
  const std::string after = InfoOf(packet);
  if (after.size() <= before.size()) return;
  additions_.push_back({packet->num, after.substr(before.size())});
}

absl::Status InfoColumnReport::Finish() {
  ReportTable table = {"", {"Frame", "Addition"}, {}};
  for (const Addition& addition : additions_) {
    table.rows.push_back({uint64_t{addition.frame_number}, addition.text});
  }
  return SendTables({"Info", "", {std::move(table)}}, "", sink_);
}

absl::StatusOr<std::unique_ptr<Report>> MakeReport(
    const std::string& argument) {
  absl::string_view rest = argument;
  const bool has_filter = absl::ConsumePrefix(&rest, absl::StrCat(kName, ","));
  const size_t comma = rest.find(',');
  if (!has_filter || comma == absl::string_view::npos) {
    return ReportArgumentError(
        "invalid \"-z proto,colinfo,<filter>,<field>\" argument");
  }
  const std::string field(rest.substr(comma + 1));
  const header_field_info* const info =
      proto_registrar_get_byname(field.c_str());
  if (info == nullptr) {
    return ReportArgumentError(
        absl::StrCat("Field \"", field, "\" doesn't exist."));
  }
  return std::make_unique<InfoColumnReport>(std::string(rest.substr(0, comma)),
                                            info->id);
}

}  // namespace

ReportType InfoColumnReportType() {
  return {kName, ",filter,field", schema::TableKind::kTables, MakeReport};
}

}  // namespace dissectd::engine
