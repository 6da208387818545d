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
#include "core/analysis/iax2_calls.h"
#include "core/analysis/report_filter.h"
#include "core/analysis/report_parts.h"
#include "core/analysis/report_tables.h"
#include "core/analysis/report_tap.h"
#include "core/analysis/sip_calls.h"
#include "core/analysis/voip_call.h"
#include "core/base/status_macros.h"
#include "core/base/utf8.h"
#include "core/encode/message_fields.h"
#include "core/epan/handles.h"
#include "core/epan/tap_data.h"
#include "core/epan/tap_listener.h"
#include "dissectd/v1/analysis.schema.h"

namespace dissectd::engine {
namespace {

constexpr char kName[] = "voip,calls";
constexpr int64_t kNanosPerSecond = 1'000'000'000;

std::string TextOrNothing(const char* text) {
  return text == nullptr ? "" : text;
}

std::string AddressText(const address& where) {
  return WmemCharPtr(address_to_display(nullptr, &where)).get();
}

CallPacket PacketOf(const packet_info& packet) {
  CallPacket result;
  result.frame_number = packet.num;
  result.time = static_cast<int64_t>(packet.rel_ts.secs) * kNanosPerSecond +
                packet.rel_ts.nsecs;
  result.source = AddressText(packet.src);
  result.destination = AddressText(packet.dst);
  return result;
}

SipMessage MessageOf(const packet_info& packet, const sip_info_value_t& info) {
  SipMessage message;
  message.packet = PacketOf(packet);
  message.call_id = TextOrNothing(info.tap_call_id);
  message.method =
      TextOrNothing(reinterpret_cast<const char*>(info.request_method));
  message.code = info.response_code;
  message.sequence = info.tap_cseq_number;
  message.from = TextOrNothing(info.tap_from_addr);
  message.to = TextOrNothing(info.tap_to_addr);
  return message;
}

CallState StateOf(voip_call_state state) {
  switch (state) {
    case VOIP_NO_STATE:
      return CallState::kNone;
    case VOIP_CALL_SETUP:
      return CallState::kSetup;
    case VOIP_RINGING:
      return CallState::kRinging;
    case VOIP_IN_CALL:
      return CallState::kInCall;
    case VOIP_CANCELLED:
      return CallState::kCancelled;
    case VOIP_COMPLETED:
      return CallState::kCompleted;
    case VOIP_REJECTED:
      return CallState::kRejected;
    case VOIP_UNKNOWN:
      return CallState::kUnknown;
  }
  return CallState::kUnknown;
}

class VoipCallsReport final : public Report {
 public:
  explicit VoipCallsReport(std::optional<std::string> filter)
      : filter_(std::move(filter)) {}

  absl::Status Begin(const ReportEnvironment& environment) override;
  absl::Status Finish() override;

 private:
  absl::Status Listen(const char* tap, TapListener::PacketFn on_packet);

  const std::optional<std::string> filter_;
  VoipCallList calls_;
  SipCalls sip_{&calls_};
  Iax2Calls iax2_{&calls_};
  ReportSink* sink_ = nullptr;
  std::vector<std::unique_ptr<TapListener>> taps_;
};

absl::Status VoipCallsReport::Listen(const char* tap,
                                     TapListener::PacketFn on_packet) {
  TapListener::Options options;
  options.tap = tap;
  options.filter = filter_.value_or("");
  ASSIGN_OR_RETURN(
      std::unique_ptr<TapListener> listener,
      RegisterReportTap("voip,calls tap", options, std::move(on_packet)));
  taps_.push_back(std::move(listener));
  return absl::OkStatus();
}

absl::Status VoipCallsReport::Begin(const ReportEnvironment& environment) {
  sink_ = environment.sink;
  RETURN_IF_ERROR(Listen(
      "sip", [this](packet_info* packet, epan_dissect_t*, const void* data) {
        const auto& info = *static_cast<const sip_info_value_t*>(data);
        if (info.tap_call_id != nullptr) sip_.Add(MessageOf(*packet, info));
      }));
  return Listen(
      "IAX2", [this](packet_info* packet, epan_dissect_t*, const void* data) {
        const auto& info = *static_cast<const iax2_info_t*>(data);
        if (info.ptype != IAX2_FULL_PACKET) return;
        iax2_.Add({PacketOf(*packet), info.scallno, info.dcallno,
                   TextOrNothing(info.messageName),
                   TextOrNothing(info.callingParty),
                   TextOrNothing(info.calledParty), StateOf(info.callState)});
      });
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
  for (const VoipCall& call : calls_.calls()) {
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
