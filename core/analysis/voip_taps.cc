// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/voip_taps.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/epan/gateway_command.h"
#include "core/epan/handles.h"
#include "core/epan/unistim_packet.h"
#include "core/epan/voip_tap_data.h"

namespace dissectd::engine {
namespace {

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

void TakeSip(const packet_info& packet, const void* data, VoipCalls* calls) {
  const auto& info = *static_cast<const sip_info_value_t*>(data);
  if (info.tap_call_id == nullptr) return;
  SipMessage message;
  message.packet = PacketOf(packet);
  message.call_id = info.tap_call_id;
  message.method =
      TextOrNothing(reinterpret_cast<const char*>(info.request_method));
  message.code = info.response_code;
  message.sequence = info.tap_cseq_number;
  message.from = TextOrNothing(info.tap_from_addr);
  message.to = TextOrNothing(info.tap_to_addr);
  calls->sip.Add(message);
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

void TakeIax2(const packet_info& packet, const void* data, VoipCalls* calls) {
  const auto& info = *static_cast<const iax2_info_t*>(data);
  if (info.ptype != IAX2_FULL_PACKET) return;
  calls->iax2.Add({PacketOf(packet), info.scallno, info.dcallno,
                   TextOrNothing(info.messageName),
                   TextOrNothing(info.callingParty),
                   TextOrNothing(info.calledParty), StateOf(info.callState)});
}

// Messages of RAS: the alternatives of RasMessage in ITU-T H.225.0.
constexpr int kLocationRequest = 18;
constexpr int kLocationConfirm = 19;
constexpr int kLocationReject = 20;

H225Message::Kind RasKindOf(int message) {
  switch (message) {
    case kLocationRequest:
      return H225Message::Kind::kLocationRequest;
    case kLocationConfirm:
    case kLocationReject:
      return H225Message::Kind::kLocationAnswer;
    default:
      return H225Message::Kind::kOtherRas;
  }
}

H225Message::Kind SignallingKindOf(h225_cs_type type) {
  switch (type) {
    case H225_SETUP:
      return H225Message::Kind::kSetup;
    case H225_CONNECT:
      return H225Message::Kind::kConnect;
    case H225_RELEASE_COMPLET:
      return H225Message::Kind::kReleaseComplete;
    default:
      return H225Message::Kind::kOtherSignalling;
  }
}

// Returns the bytes of an identifier; nothing if all are 0.
std::string CallIdOf(const e_guid_t& guid) {
  std::string bytes(reinterpret_cast<const char*>(&guid), sizeof(guid));
  const bool is_zero = std::all_of(bytes.begin(), bytes.end(),
                                   [](char byte) { return byte == 0; });
  return is_zero ? "" : bytes;
}

H245Endpoint H245EndpointOf(const h225_packet_info& info) {
  address where;
  set_address(&where, AT_IPv4, sizeof(info.h245_address), &info.h245_address);
  return {AddressText(where), info.h245_port};
}

void TakeH225(const packet_info& packet, const void* data, VoipCalls* calls) {
  const auto& info = *static_cast<const h225_packet_info*>(data);
  const bool is_ras = info.msg_type == H225_RAS;
  H225Message message;
  message.packet = PacketOf(packet);
  message.kind =
      is_ras ? RasKindOf(info.msg_tag) : SignallingKindOf(info.cs_type);
  message.call_id = CallIdOf(info.guid);
  if (is_ras) {
    const bool is_answer = message.kind == H225Message::Kind::kLocationAnswer;
    if (!is_answer || info.request_available) {
      message.request = info.requestSeqNum;
    }
    message.is_repeated = info.is_duplicate;
    message.digits = info.dialedDigits;
  } else {
    if (info.is_h245) message.h245 = H245EndpointOf(info);
    message.tunnels_h245 = info.is_h245Tunneling;
    message.has_fast_start = info.is_faststart;
  }
  calls->h323.Add(message);
}

void TakeH245(const packet_info& packet, const void* /*data*/,
              VoipCalls* calls) {
  H245Message message;
  message.source = {AddressText(packet.src), packet.srcport};
  message.destination = {AddressText(packet.dst), packet.destport};
  calls->h323.Add(message);
}

void TakeQ931(const packet_info& packet, const void* data, VoipCalls* calls) {
  const auto& info = *static_cast<const q931_packet_info*>(data);
  IsdnMessage message;
  message.calling_number = TextOrNothing(info.calling_number);
  message.called_number = TextOrNothing(info.called_number);
  if (calls->h323.TakeNumbers(packet.num, message.calling_number,
                              message.called_number)) {
    return;
  }
  message.packet = PacketOf(packet);
  message.reference = info.crv;
  message.type = info.message_type;
  calls->isdn.Add(message);
}

// Takes the label, which comes before the message of ISUP in it.
void TakeMtp3(const packet_info& packet, const void* data, VoipCalls* calls) {
  const auto& info = *static_cast<const mtp3_tap_rec_t*>(data);
  calls->isup_route = {packet.num, info.addr_opc.pc, info.addr_dpc.pc,
                       info.addr_opc.ni};
}

void TakeIsup(const packet_info& packet, const void* data, VoipCalls* calls) {
  if (calls->isup_route.frame_number != packet.num) return;
  const auto& info = *static_cast<const isup_tap_rec_t*>(data);
  IsupMessage message;
  message.packet = PacketOf(packet);
  message.route = calls->isup_route;
  message.circuit = info.circuit_id;
  message.type = info.message_type;
  message.calling_number = TextOrNothing(info.calling_number);
  message.called_number = TextOrNothing(info.called_number);
  calls->isup.Add(message);
}

void TakeMgcp(const packet_info& packet, const void* data, VoipCalls* calls) {
  const auto& info = *static_cast<const mgcp_info_t*>(data);
  if (info.mgcp_type == MGCP_OTHERS) return;
  MgcpMessage message;
  message.packet = PacketOf(packet);
  message.is_request = info.mgcp_type == MGCP_REQUEST;
  if (message.is_request) {
    message.verb = info.code;
    message.endpoint = TextOrNothing(info.endpointId);
    message.events = TextOrNothing(info.observedEvents);
    message.signals = TextOrNothing(info.signalReq);
    if (info.is_duplicate) message.request_frame = info.req_num;
  } else if (info.request_available) {
    message.request_frame = info.req_num;
  }
  calls->mgcp.Add(message);
}

void TakeSkinny(const packet_info& packet, const void* data, VoipCalls* calls) {
  const auto& info = *static_cast<const skinny_info_t*>(data);
  SkinnyMessage message;
  message.packet = PacketOf(packet);
  message.id = info.messId;
  message.call = info.callId != 0 ? info.callId : info.passThroughPartyId;
  message.state = info.callState;
  if (info.callingParty != nullptr) message.calling_party = info.callingParty;
  if (info.calledParty != nullptr) message.called_party = info.calledParty;
  calls->skinny.Add(message);
}

std::vector<std::string> NamesOf(const GatewayTerminations& terminations) {
  std::vector<std::string> names;
  for (const GatewayTerminations* node = terminations.next; node != nullptr;
       node = node->next) {
    if (node->termination == nullptr) continue;
    names.push_back(TextOrNothing(node->termination->name));
  }
  return names;
}

void TakeH248(const packet_info& packet, const void* data, VoipCalls* calls) {
  const auto& info = *static_cast<const GatewayCommand*>(data);
  if (info.transaction == nullptr || info.context == nullptr) return;
  calls->h248.Add({PacketOf(packet), info.type < kFirstGatewayReply,
                   info.transaction->id, info.context->id,
                   NamesOf(info.terminations)});
}

// Returns what a packet tells; nothing if that isn't about calls.
std::optional<UnistimEvent::Kind> EventOf(const UnistimPacket& info) {
  // Key depressed.
  if (info.key_action == 1) return UnistimEvent::Kind::kKeyPressed;
  if (info.hook == 1) return UnistimEvent::Kind::kHandsetLifted;
  if (info.stream == 1) return UnistimEvent::Kind::kStreamOpened;
  if (info.stream == 0) return UnistimEvent::Kind::kStreamClosed;
  return std::nullopt;
}

void TakeUnistim(const packet_info& packet, const void* data,
                 VoipCalls* calls) {
  const auto& info = *static_cast<const UnistimPacket*>(data);
  if (info.payload_type != kUnistimCommands &&
      info.payload_type != kUnistimCommandsOfTerminal) {
    return;
  }
  const std::optional<UnistimEvent::Kind> kind = EventOf(info);
  if (!kind.has_value()) return;
  UnistimEvent event;
  event.packet = PacketOf(packet);
  event.kind = *kind;
  event.has_terminal = info.payload_type == kUnistimCommandsOfTerminal;
  event.terminal = info.terminal;
  event.key = static_cast<uint32_t>(info.key);
  calls->unistim.Add(event);
}

// Takes a trace of AudioCodes. Those of ISDN come by the tap of Q.931 as well.
void TakeTrace(const packet_info& packet, const void* data, VoipCalls* calls) {
  constexpr int kCas = 1;
  constexpr int kFromNetwork = 1;
  const auto& info = *static_cast<const actrace_info_t*>(data);
  if (info.type != kCas) return;
  calls->cas.Add({PacketOf(packet), info.trunk, info.cas_bchannel,
                  info.direction == kFromNetwork});
}

constexpr VoipTap kTaps[] = {
    {"sip", TakeSip},         {"IAX2", TakeIax2},     {"h225", TakeH225},
    {"h245dg", TakeH245},     {"q931", TakeQ931},     {"mtp3", TakeMtp3},
    {"m3ua", TakeMtp3},       {"isup", TakeIsup},     {"mgcp", TakeMgcp},
    {"skinny", TakeSkinny},   {"megaco", TakeH248},   {"h248", TakeH248},
    {"unistim", TakeUnistim}, {"actrace", TakeTrace},
};

}  // namespace

absl::Span<const VoipTap> VoipTaps() { return kTaps; }

}  // namespace dissectd::engine
