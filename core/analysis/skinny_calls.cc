// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/skinny_calls.h"

#include <array>

namespace dissectd::engine {
namespace {

// Messages from this one on are those of the call manager.
constexpr uint32_t kFirstOfManager = 0x100;

// What the states of Skinny mean, from 0 on.
constexpr std::array<CallState, 15> kStates = {
    CallState::kNone,
    // Off hook.
    CallState::kSetup,
    // On hook.
    CallState::kCompleted,
    // Ring out, ring in.
    CallState::kRinging,
    CallState::kRinging,
    // Connected.
    CallState::kInCall,
    // Busy, congestion.
    CallState::kRejected,
    CallState::kRejected,
    // Hold, call waiting.
    CallState::kInCall,
    CallState::kInCall,
    // Call transfer, call park.
    CallState::kCompleted,
    CallState::kCompleted,
    // Proceed.
    CallState::kSetup,
    // Call remote multiline.
    CallState::kUnknown,
    // Invalid number.
    CallState::kRejected,
};

}  // namespace

void SkinnyCalls::Add(const SkinnyMessage& message) {
  if (message.call == 0) return;
  VoipCall*& call = known_[message.call];
  if (call == nullptr) {
    call = calls_->Begin("SKINNY", message.packet);
    // The phone, whoever sends first.
    if (message.id >= kFirstOfManager) {
      call->initial_speaker = message.packet.destination;
    }
  } else {
    if (message.calling_party.has_value()) call->from = *message.calling_party;
    if (message.called_party.has_value()) call->to = *message.called_party;
    if (message.state != 0 && message.state < kStates.size()) {
      call->state = kStates[message.state];
    }
  }
  call->Count(message.packet);
}

}  // namespace dissectd::engine
