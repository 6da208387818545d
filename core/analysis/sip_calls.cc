// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/sip_calls.h"

#include "absl/strings/str_cat.h"

namespace dissectd::engine {
namespace {

constexpr char kInvite[] = "INVITE";
// Responses from these codes on are final: they accept or refuse.
constexpr uint32_t kFirstAccepting = 200;
constexpr uint32_t kFirstRefusing = 300;

}  // namespace

void SipCalls::Add(const SipMessage& message) {
  auto found = known_.find(message.call_id);
  if (found == known_.end()) {
    if (message.method != kInvite) return;
    VoipCall* const call = calls_->Begin("SIP", message.packet);
    call->state = CallState::kSetup;
    call->from = message.from;
    call->to = message.to;
    call->comment = kInvite;
    found = known_
                .try_emplace(message.call_id, Known{call, message.packet.source,
                                                    message.sequence})
                .first;
  } else if (message.method.empty()) {
    TakeResponse(message, &found->second);
  } else {
    TakeRequest(message, &found->second);
  }
  found->second.call->Count(message.packet);
}

void SipCalls::TakeRequest(const SipMessage& message, Known* known) {
  VoipCall& call = *known->call;
  if (message.method == "BYE") {
    call.state = CallState::kCompleted;
    return;
  }
  if (message.packet.source != known->initial_speaker) return;
  if (message.method == kInvite) {
    known->invitation = message.sequence;
    call.state = CallState::kSetup;
    return;
  }
  if (message.sequence != known->invitation ||
      call.state != CallState::kSetup) {
    return;
  }
  if (message.method == "ACK" && known->progress == Progress::kAccepted) {
    call.state = CallState::kInCall;
  } else if (message.method == "CANCEL") {
    call.state = CallState::kCancelled;
    known->progress = Progress::kCancelled;
  }
}

void SipCalls::TakeResponse(const SipMessage& message, Known* known) {
  if (message.code < kFirstAccepting || message.sequence != known->invitation ||
      message.packet.destination != known->initial_speaker) {
    return;
  }
  absl::StrAppend(&known->call->comment, " ", message.code);
  if (known->progress != Progress::kInvited) return;
  if (message.code < kFirstRefusing) {
    known->progress = Progress::kAccepted;
  } else {
    known->call->state = CallState::kRejected;
  }
}

}  // namespace dissectd::engine
