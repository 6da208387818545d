// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/unistim_calls.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_format.h"

namespace dissectd::engine {
namespace {

using Kind = UnistimEvent::Kind;

constexpr char kUnknown[] = "UNKNOWN";

// The keys of the dial pad, by their numbers.
constexpr std::array<char, 12> kDialPad = {'0', '1', '2', '3', '4', '5',
                                           '6', '7', '8', '9', '*', '#'};

void Open(const CallPacket& packet, std::string* digits, VoipCall* call) {
  call->state = CallState::kInCall;
  call->first = packet;
  if (digits->empty()) return;
  if (call->to == kUnknown) call->to = "?? ";
  call->to += *digits;
  digits->clear();
}

}  // namespace

UnistimCalls::Hosts UnistimCalls::HostsOf(const CallPacket& packet) {
  const auto& [lower, higher] = std::minmax(packet.source, packet.destination);
  return {lower, higher};
}

std::optional<size_t> UnistimCalls::Find(const UnistimEvent& event) const {
  if (event.has_terminal) {
    const auto found = by_terminal_.find(event.terminal);
    if (found == by_terminal_.end()) return std::nullopt;
    return found->second;
  }
  const auto found = by_hosts_.find(HostsOf(event.packet));
  if (found == by_hosts_.end() || found->second.empty()) return std::nullopt;
  return *found->second.begin();
}

size_t UnistimCalls::Begin(const UnistimEvent& event) {
  const size_t number = known_.size();
  VoipCall* const call = calls_->Begin("UNISTIM", event.packet);
  Known& known =
      known_.emplace_back(Known{call, HostsOf(event.packet), std::nullopt, ""});
  call->from = kUnknown;
  call->to = kUnknown;
  by_hosts_[known.hosts].insert(number);
  if (event.kind == Kind::kStreamOpened) return number;
  call->state = CallState::kSetup;
  call->from = absl::StrFormat("%x", event.terminal);
  if (event.has_terminal) {
    known.terminal = event.terminal;
    by_terminal_[event.terminal] = number;
  }
  return number;
}

void UnistimCalls::Close(const UnistimEvent& event, size_t number) {
  const Known& known = known_[number];
  VoipCall& call = *known.call;
  by_hosts_[known.hosts].erase(number);
  if (known.terminal.has_value()) by_terminal_.erase(*known.terminal);
  call.state = call.state == CallState::kInCall ? CallState::kCompleted
                                                : CallState::kUnknown;
  call.last = event.packet;
}

void UnistimCalls::Add(const UnistimEvent& event) {
  const std::optional<size_t> found = Find(event);
  if (event.kind == Kind::kStreamClosed) {
    if (found.has_value()) Close(event, *found);
    return;
  }
  Known& known = known_[found.has_value() ? *found : Begin(event)];
  if (event.kind == Kind::kStreamOpened) {
    Open(event.packet, &known.digits, known.call);
  } else if (event.kind == Kind::kKeyPressed && event.key < kDialPad.size()) {
    known.digits.push_back(kDialPad[event.key]);
  }
  known.call->Count(event.packet);
}

}  // namespace dissectd::engine
