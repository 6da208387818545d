// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/h323_calls.h"

#include "absl/strings/str_cat.h"

namespace dissectd::engine {
namespace {

using Kind = H225Message::Kind;

bool IsSignalling(const H225Message& message) {
  return message.kind <= Kind::kOtherSignalling;
}

const char* OnOrOff(bool value) { return value ? "On" : "Off"; }

}  // namespace

void H323Calls::Add(const H225Message& message) {
  last_frame_ = message.packet.frame_number;
  Known* const known = FindOrBegin(message);
  signalled_ = IsSignalling(message) ? known : nullptr;
  if (known == nullptr) return;
  if (IsSignalling(message)) {
    TakeSignalling(message, known);
  } else if (message.kind == Kind::kLocationRequest) {
    TakeLocationRequest(message, known);
  }
  known->call->comment = Comment(*known);
  known->call->Count(message.packet);
}

H323Calls::Known* H323Calls::Find(const H225Message& message) const {
  if (message.kind == Kind::kLocationAnswer) {
    const auto found = by_request_.find(message.request);
    return found == by_request_.end() ? nullptr : found->second;
  }
  const auto found = by_id_.find(message.call_id);
  return found == by_id_.end() ? nullptr : found->second;
}

H323Calls::Known* H323Calls::FindOrBegin(const H225Message& message) {
  Known* known = Find(message);
  const bool begins =
      !message.call_id.empty() || message.kind == Kind::kLocationRequest;
  if (known != nullptr || message.kind == Kind::kLocationAnswer || !begins) {
    return known;
  }
  VoipCall* const call = calls_->Begin("H.323", message.packet);
  call->state = CallState::kUnknown;
  known = &known_.emplace_back(Known{call, ""});
  if (!message.call_id.empty()) by_id_[message.call_id] = known;
  return known;
}

void H323Calls::TakeSignalling(const H225Message& message, Known* known) {
  VoipCall& call = *known->call;
  if (message.h245.has_value()) by_h245_.try_emplace(*message.h245, known);
  known->tunnels_h245 |= message.tunnels_h245;
  signalled_setup_ = message.kind == Kind::kSetup;
  if (signalled_setup_) {
    call.state = CallState::kSetup;
    if (known->caller.empty()) known->caller = message.packet.source;
    known->setup_has_fast_start = message.has_fast_start;
    return;
  }
  known->answer_has_fast_start |= message.has_fast_start;
  if (message.kind == Kind::kConnect) {
    call.state = CallState::kInCall;
  } else if (message.kind == Kind::kReleaseComplete) {
    if (call.state != CallState::kSetup) call.state = CallState::kCompleted;
    call.Release(message.packet.source == known->caller);
  }
}

void H323Calls::TakeLocationRequest(const H225Message& message, Known* known) {
  by_request_.try_emplace(message.request, known);
  if (!message.is_repeated) known->call->to = message.digits;
}

std::string H323Calls::Comment(const Known& known) {
  const bool fast_start =
      known.setup_has_fast_start &&
      (known.call->state == CallState::kSetup || known.answer_has_fast_start);
  return absl::StrCat("Tunneling: ", OnOrOff(known.tunnels_h245),
                      "  Fast Start: ", OnOrOff(fast_start));
}

void H323Calls::Add(const H245Message& message) {
  auto found = by_h245_.find(message.source);
  if (found == by_h245_.end()) found = by_h245_.find(message.destination);
  if (found != by_h245_.end()) found->second->call->packets += 2;
}

bool H323Calls::TakeNumbers(uint32_t frame_number, const std::string& calling,
                            const std::string& called) {
  if (signalled_ == nullptr || last_frame_ != frame_number) return false;
  if (signalled_setup_) {
    signalled_->call->from = calling;
    signalled_->call->to = called;
  }
  signalled_ = nullptr;
  return true;
}

}  // namespace dissectd::engine
