// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/isdn_calls.h"

namespace dissectd::engine {
namespace {

// Types of messages: ITU-T Q.931, table 4-2.
enum IsdnType : uint32_t {
  kSetup = 0x05,
  kConnect = 0x07,
  kDisconnect = 0x45,
  kRelease = 0x4D,
  kReleaseComplete = 0x5A,
};

void ChangeState(const IsdnMessage& message, VoipCall* call) {
  switch (message.type) {
    case kSetup:
      call->state = CallState::kSetup;
      break;
    case kConnect:
      call->state = CallState::kInCall;
      break;
    case kDisconnect:
    case kRelease:
    case kReleaseComplete:
      call->Release(message.packet.source == call->initial_speaker);
      break;
    default:
      break;
  }
}

}  // namespace

void IsdnCalls::Add(const IsdnMessage& message) {
  VoipCall*& call = known_[message.reference];
  if (call == nullptr) {
    call = calls_->Begin("AC_ISDN", message.packet);
    call->state = CallState::kSetup;
    call->from = message.calling_number;
    call->to = message.called_number;
  }
  ChangeState(message, call);
  call->Count(message.packet);
}

}  // namespace dissectd::engine
