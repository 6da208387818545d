// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/voip_call.h"

namespace dissectd::engine {

const char* CallStateText(CallState state) {
  switch (state) {
    case CallState::kNone:
      return "";
    case CallState::kSetup:
      return "CALL SETUP";
    case CallState::kRinging:
      return "RINGING";
    case CallState::kInCall:
      return "IN CALL";
    case CallState::kCancelled:
      return "CANCELLED";
    case CallState::kCompleted:
      return "COMPLETED";
    case CallState::kRejected:
      return "REJECTED";
    case CallState::kUnknown:
      return "UNKNOWN";
  }
  return "";
}

void VoipCall::Release(bool by_caller) {
  if (state == CallState::kSetup) {
    state = by_caller ? CallState::kCancelled : CallState::kRejected;
  } else if (state == CallState::kInCall) {
    state = CallState::kCompleted;
  }
}

}  // namespace dissectd::engine
