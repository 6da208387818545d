// SPDX-License-Identifier: GPL-2.0-or-later

#ifndef CORE_ANALYSIS_SIP_CALLS_H_
#define CORE_ANALYSIS_SIP_CALLS_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "core/analysis/voip_call.h"

namespace dissectd::engine {

// A request or response of SIP.
struct SipMessage {
  CallPacket packet;
  std::string call_id;
  // The method of a request; empty in responses.
  std::string method;
  // 0 in requests.
  uint32_t code = 0;
  uint32_t sequence = 0;
  std::string from;
  std::string to;
};

// Finds the calls that are set up with SIP, with the states that Wireshark's
// list of calls has. A call begins with an INVITE. Only what its initial
// speaker sends about its last INVITE, and the responses to that, change its
// state; a BYE of either side completes it.
class SipCalls {
 public:
  // `calls` is not owned and outlives this.
  explicit SipCalls(VoipCallList* calls) : calls_(calls) {}

  void Add(const SipMessage& message);

 private:
  enum class Progress { kInvited, kAccepted, kCancelled };
  struct Known {
    VoipCall* call;
    std::string initial_speaker;
    // The sequence number of the last INVITE.
    uint32_t invitation;
    Progress progress = Progress::kInvited;
  };

  static void TakeRequest(const SipMessage& message, Known* known);
  static void TakeResponse(const SipMessage& message, Known* known);

  VoipCallList* const calls_;
  // All calls by their call ids.
  absl::flat_hash_map<std::string, Known> known_;
};

}  // namespace dissectd::engine

#endif  // CORE_ANALYSIS_SIP_CALLS_H_
