// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_VOIP_CALL_H_
#define CORE_ANALYSIS_VOIP_CALL_H_

#include <cstdint>
#include <deque>
#include <string>
#include <utility>

namespace dissectd::engine {

// The states of Wireshark's list of calls.
enum class CallState {
  kNone,
  kSetup,
  kRinging,
  kInCall,
  kCancelled,
  kCompleted,
  kRejected,
  kUnknown,
};

// Returns a state as Wireshark writes it.
const char* CallStateText(CallState state);

// A packet of a call.
struct CallPacket {
  uint32_t frame_number = 0;
  // In nanoseconds since the first frame of the capture.
  int64_t time = 0;
  // The addresses as texts.
  std::string source;
  std::string destination;
};

// A call.
struct VoipCall {
  std::string protocol;
  CallState state = CallState::kNone;
  std::string initial_speaker;
  std::string from;
  std::string to;
  std::string comment;
  uint32_t packets = 0;
  CallPacket first;
  CallPacket last;

  void Count(const CallPacket& packet) {
    ++packets;
    last = packet;
  }

  // Ends the call if it is being set up, or is answered. The side that called
  // cancels a call that isn't answered, the other rejects it.
  void Release(bool by_caller);
};

// All calls, in the order in which they began. They stay where they are.
class VoipCallList {
 public:
  // Adds a call that begins with a packet, which isn't counted yet.
  VoipCall* Begin(std::string protocol, const CallPacket& packet) {
    VoipCall& call = calls_.emplace_back();
    call.protocol = std::move(protocol);
    call.initial_speaker = packet.source;
    call.first = packet;
    call.last = packet;
    return &call;
  }

  const std::deque<VoipCall>& calls() const { return calls_; }

 private:
  std::deque<VoipCall> calls_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_VOIP_CALL_H_
