// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/voip_calls_report.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <protozero/pbf_builder.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_format.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_parts.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/analysis/voip_call.h"
#include "core/analysis/voip_taps.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/message_fields.h"
#include "core/epan/tap_listener.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "voip,calls";
constexpr int64_t kNanosPerSecond = 1'000'000'000;

class VoipCallsReport final : public Report {
 public:
  explicit VoipCallsReport(std::optional<std::string> filter)
      : filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  absl::Status Listen(const VoipTap& tap);

  const std::optional<std::string> filter_;
  VoipCalls calls_;
  ReportSink* sink_ = nullptr;
  std::vector<std::unique_ptr<TapListener>> taps_;
};

absl::Status VoipCallsReport::Listen(const VoipTap& tap) {
  TapListener::Options options;
  options.tap = tap.name;
  options.filter = filter_.value_or("");
  ASSIGN_OR_RETURN(std::unique_ptr<TapListener> listener,
                   RegisterReportTap("voip,calls tap", options,
                                     [this, take = tap.take](
                                         packet_info* packet, epan_dissect_t*,
                                         const void* data) {
                                       take(*packet, data, &calls_);
                                     }));
  taps_.push_back(std::move(listener));
  return absl::OkStatus();
}

absl::Status VoipCallsReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  for (const VoipTap& tap : VoipTaps()) {
    // Plugins may be missing.
    if (find_tap_id(tap.name) == 0) continue;
    RETURN_IF_ERROR(Listen(tap));
  }
  return absl::OkStatus();
}

void AddCallTime(schema::VoipCall member, int64_t time,
                 protozero::pbf_builder<schema::VoipCall>* out) {
  nstime_t value = NSTIME_INIT_ZERO;
  value.secs = static_cast<time_t>(time / kNanosPerSecond);
  value.nsecs = static_cast<int>(time % kNanosPerSecond);
  AddTime(value, member, out);
}

std::string CallMessage(uint32_t index, const VoipCall& call) {
  std::string message;
  protozero::pbf_builder<schema::VoipCall> out(message);
  out.add_uint32(schema::VoipCall::kIndex, index);
  out.add_string(schema::VoipCall::kProtocol, call.protocol);
  out.add_string(schema::VoipCall::kState, CallStateText(call.state));
  out.add_string(schema::VoipCall::kInitialSpeaker,
                 MakeValidUtf8(call.initial_speaker));
  out.add_string(schema::VoipCall::kFrom, MakeValidUtf8(call.from));
  out.add_string(schema::VoipCall::kTo, MakeValidUtf8(call.to));
  out.add_uint32(schema::VoipCall::kPackets, call.packets);
  out.add_uint32(schema::VoipCall::kFirstFrame, call.first.frame_number);
  AddCallTime(schema::VoipCall::kStart, call.first.time, &out);
  out.add_uint32(schema::VoipCall::kLastFrame, call.last.frame_number);
  AddCallTime(schema::VoipCall::kStop, call.last.time, &out);
  out.add_string(schema::VoipCall::kComment, MakeValidUtf8(call.comment));
  return message;
}

double Seconds(int64_t nanoseconds) {
  return static_cast<double>(nanoseconds) / kNanosPerSecond;
}

std::string CallLine(const VoipCall& call) {
  return absl::StrFormat(
      "%14.6f %14.6f  %-15s  %-32s  %-32s  %-8s %8u  %-10s  %s\n",
      Seconds(call.first.time), Seconds(call.last.time), call.initial_speaker,
      call.from, call.to, call.protocol, call.packets,
      CallStateText(call.state), call.comment);
}

absl::Status VoipCallsReport::Finish() {
  std::string head;
  protozero::pbf_builder<schema::VoipCallTable> table(head);
  table.add_string(schema::VoipCallTable::kFilter,
                   MakeValidUtf8(filter_.value_or("")));
  ReportParts parts(sink_, head);
  parts.AddText(
      absl::StrFormat("%14s %14s  %-15s  %-32s  %-32s  %-8s %8s  %-10s  %s\n",
                      "Start", "Stop", "Initial speaker", "From", "To",
                      "Protocol", "Packets", "State", "Comments"));
  uint32_t index = 0;
  for (const VoipCall& call : calls_.list.calls()) {
    RETURN_IF_ERROR(parts.AddRow(schema::VoipCallTable::kCalls,
                                 CallMessage(index++, call), CallLine(call)));
  }
  return parts.Finish();
}

}  // namespace

ReportType VoipCallsReportType() {
  return {kName, "[,filter]", schema::TableKind::kVoipCalls,
          [](const std::string& argument) {
            return std::make_unique<VoipCallsReport>(
                FilterOfReport(kName, argument));
          }};
}

}  // namespace dissectd::engine
