// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/rpc_programs_report.h"

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "core/analysis/report_tables.h"
#include "core/base/status_macros.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"

namespace dissectd::engine {
namespace {

constexpr int64_t kNanosPerSecond = 1'000'000'000;
constexpr int64_t kMicrosPerSecond = 1'000'000;

struct ResponseTimes {
  uint32_t replies = 0;
  nstime_t minimum = NSTIME_INIT_ZERO;
  nstime_t maximum = NSTIME_INIT_ZERO;
  nstime_t sum = NSTIME_INIT_ZERO;
};

void AddTimeTo(const nstime_t& time, ResponseTimes* times) {
  ++times->replies;
  // As in tshark, a shortest time of zero counts as none.
  if (nstime_is_zero(&times->minimum)) times->minimum = time;
  if (nstime_is_zero(&times->maximum)) times->maximum = time;
  if (nstime_cmp(&time, &times->minimum) < 0) times->minimum = time;
  if (nstime_cmp(&time, &times->maximum) > 0) times->maximum = time;
  nstime_add(&times->sum, &time);
}

nstime_t Average(const ResponseTimes& times) {
  nstime_t average = NSTIME_INIT_ZERO;
  if (times.replies == 0) return average;
  const int64_t nanos =
      (int64_t{times.sum.secs} * kNanosPerSecond + times.sum.nsecs) /
      times.replies;
  average.secs = nanos / kNanosPerSecond;
  average.nsecs = static_cast<int>(nanos % kNanosPerSecond);
  return average;
}

// The number and the version of a program.
using Program = std::pair<uint32_t, uint32_t>;

class RpcProgramsReport final : public Report {
 public:
  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  void Add(const nstime_t& time, const rpc_call_info_value& call);
  std::string Text() const;
  ReportTables Tables() const;

  ReportSink* sink_ = nullptr;
  std::map<Program, ResponseTimes> programs_;
  std::unique_ptr<TapListener> tap_;
};

absl::Status RpcProgramsReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  TapListener::Options options;
  options.tap = "rpc";
  ASSIGN_OR_RETURN(
      tap_,
      TapListener::Register(options, [this](packet_info* packet,
                                            epan_dissect_t*, const void* data) {
        Add(packet->abs_ts, *static_cast<const rpc_call_info_value*>(data));
      }));
  return absl::OkStatus();
}

void RpcProgramsReport::Add(const nstime_t& time,
                            const rpc_call_info_value& call) {
  ResponseTimes& times = programs_[{call.prog, call.vers}];
  if (call.request != FALSE) return;
  nstime_t delta;
  nstime_delta(&delta, &time, &call.req_time);
  AddTimeTo(delta, &times);
}

absl::Status RpcProgramsReport::Finish() {
  return SendTables(Tables(), Text(), sink_);
}

std::string MicrosText(const nstime_t& time) {
  return absl::StrFormat("%3d.%06d", time.secs, (time.nsecs + 500) / 1000);
}

std::string AverageText(const ResponseTimes& times) {
  const nstime_t average = Average(times);
  const int64_t micros =
      int64_t{average.secs} * kMicrosPerSecond + (average.nsecs + 500) / 1000;
  return absl::StrFormat("%3d.%06d", micros / kMicrosPerSecond,
                         micros % kMicrosPerSecond);
}

std::string RpcProgramsReport::Text() const {
  std::string text = absl::StrCat(
      "\n", std::string(58, '='), "\nONC-RPC Program Statistics:\n",
      "Program    Version  Calls    Min SRT    Max SRT    Avg SRT\n");
  for (const auto& [program, times] : programs_) {
    const std::string name =
        absl::StrCat(rpc_prog_name(program.first), "(", program.first, ")");
    absl::StrAppendFormat(&text, "%-15s %2u %6d %s %s %s\n", name,
                          program.second, times.replies,
                          MicrosText(times.minimum), MicrosText(times.maximum),
                          AverageText(times));
  }
  return absl::StrCat(text, std::string(67, '='), "\n");
}

ReportTables RpcProgramsReport::Tables() const {
  ReportTable table{
      "",
      {"Program", "Name", "Version", "Calls", "Minimum", "Maximum", "Average"},
      {}};
  for (const auto& [program, times] : programs_) {
    const auto [number, version] = program;
    table.rows.push_back({uint64_t{number}, rpc_prog_name(number),
                          uint64_t{version}, uint64_t{times.replies},
                          times.minimum, times.maximum, Average(times)});
  }
  return {"ONC-RPC", "", {std::move(table)}};
}

}  // namespace

std::vector<ReportType> RpcProgramsReports() {
  return {{"rpc,programs", "", schema::TableKind::kTables,
           [](const std::string&) -> absl::StatusOr<std::unique_ptr<Report>> {
             return std::make_unique<RpcProgramsReport>();
           }}};
}

}  // namespace dissectd::engine
