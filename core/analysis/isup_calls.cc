// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/isup_calls.h"

#include <algorithm>

#include "absl/strings/str_format.h"

namespace dissectd::engine {
namespace {

// Types of messages: ITU-T Q.763, table 4.
enum IsupType : uint32_t {
  kInitialAddress = 1,
  kConnect = 7,
  kAnswer = 9,
  kRelease = 12,
};

}  // namespace

IsupCalls::Known IsupCalls::Begin(const IsupMessage& message) {
  VoipCall* const call = calls_->Begin("ISUP", message.packet);
  const IsupRoute& route = message.route;
  call->state = CallState::kSetup;
  call->from = message.calling_number;
  call->to = message.called_number;
  call->comment = absl::StrFormat("%u-%u → %u-%u", route.network, route.origin,
                                  route.network, route.destination);
  return {call, route.origin};
}

void IsupCalls::Add(const IsupMessage& message) {
  const IsupRoute& route = message.route;
  const auto points = std::minmax(route.origin, route.destination);
  const Circuit circuit(route.network, points.first, points.second,
                        message.circuit);
  auto found = known_.find(circuit);
  const bool begins =
      message.type == kInitialAddress &&
      (found == known_.end() || found->second.call->state != CallState::kSetup);
  if (begins) {
    found = known_.insert_or_assign(circuit, Begin(message)).first;
  }
  if (found == known_.end()) return;
  VoipCall& call = *found->second.call;
  if (message.type == kAnswer || message.type == kConnect) {
    call.state = CallState::kInCall;
  } else if (message.type == kRelease) {
    call.Release(route.origin == found->second.caller);
  }
  call.Count(message.packet);
}

}  // namespace dissectd::engine
