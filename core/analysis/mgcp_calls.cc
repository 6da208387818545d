// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/mgcp_calls.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace dissectd::engine {
namespace {

constexpr char kNotify[] = "NTFY";
constexpr char kCreateConnection[] = "CRCX";
constexpr char kDeleteConnection[] = "DLCX";
constexpr char kRequestNotification[] = "RQNT";

// Events and signals: https://www.rfc-editor.org/rfc/rfc3660.
constexpr char kHandsetLifted[] = "hd";
constexpr char kHandsetLaidDown[] = "hu";
constexpr char kRinging[] = "rg";
constexpr char kRingback[] = "rt";
constexpr char kBusy[] = "bz";
constexpr char kReorder[] = "ro";

// Wireshark looks at the first names of a list only.
constexpr int kNames = 10;

// What an endpoint sends this long after the end of its call belongs to the
// call.
constexpr int64_t kTimeAfterCall = 2'000'000'000;

bool HasName(absl::string_view list, absl::string_view name) {
  const std::vector<absl::string_view> names =
      absl::StrSplit(list, absl::MaxSplits(',', kNames - 1));
  return std::any_of(names.begin(), names.end(),
                     [name](absl::string_view part) {
                       return absl::StripAsciiWhitespace(part) == name;
                     });
}

std::string DigitsOf(absl::string_view events) {
  std::string digits;
  for (const char c : events) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '*' ||
        c == '#') {
      digits.push_back(c);
    }
  }
  return digits;
}

bool IsBeingSetUp(const VoipCall& call) {
  return call.state == CallState::kSetup || call.state == CallState::kRinging;
}

bool HasEnded(const VoipCall& call) {
  return call.state == CallState::kCancelled ||
         call.state == CallState::kCompleted ||
         call.state == CallState::kRejected;
}

void TakeEvents(absl::string_view events, bool is_caller, VoipCall* call) {
  if (HasName(events, kHandsetLifted) && !is_caller) {
    call->state = CallState::kInCall;
  }
  if (HasName(events, kHandsetLaidDown)) {
    call->state =
        IsBeingSetUp(*call) ? CallState::kCancelled : CallState::kCompleted;
  }
  if (is_caller && call->to.empty()) call->to = DigitsOf(events);
}

void TakeSignals(absl::string_view signals, VoipCall* call) {
  if (HasName(signals, kRinging) || HasName(signals, kRingback)) {
    call->state = CallState::kRinging;
  }
  if ((HasName(signals, kBusy) || HasName(signals, kReorder)) &&
      IsBeingSetUp(*call)) {
    call->state = CallState::kRejected;
  }
}

void TakeRequest(const MgcpMessage& message, bool is_caller, VoipCall* call) {
  if (message.verb == kNotify) {
    TakeEvents(message.events, is_caller, call);
  } else if (message.verb == kRequestNotification) {
    TakeSignals(message.signals, call);
  } else if (message.verb == kDeleteConnection && !is_caller &&
             IsBeingSetUp(*call)) {
    call->state = CallState::kCancelled;
  }
}

}  // namespace

void MgcpCalls::Add(const MgcpMessage& message) {
  Known* known = Find(message);
  if (known == nullptr && message.is_request) {
    if (message.verb == kNotify && HasName(message.events, kHandsetLifted)) {
      known = Begin(message, true);
    } else if (message.verb == kCreateConnection) {
      known = Begin(message, false);
    }
  }
  if (known == nullptr) return;
  if (message.is_request) {
    TakeRequest(message, known->is_caller, known->call);
    by_request_.try_emplace(message.packet.frame_number, known);
  }
  known->call->Count(message.packet);
}

MgcpCalls::Known* MgcpCalls::Find(const MgcpMessage& message) {
  if (message.is_request && message.request_frame == 0) {
    return FindByEndpoint(message);
  }
  const auto found = by_request_.find(message.request_frame);
  return found == by_request_.end() ? nullptr : found->second;
}

MgcpCalls::Known* MgcpCalls::FindByEndpoint(const MgcpMessage& message) {
  const auto found = by_endpoint_.find(absl::AsciiStrToLower(message.endpoint));
  if (found == by_endpoint_.end()) return nullptr;
  const VoipCall& call = *found->second->call;
  if (HasEnded(call) && message.packet.time - call.last.time > kTimeAfterCall) {
    by_endpoint_.erase(found);
    return nullptr;
  }
  return found->second;
}

MgcpCalls::Known* MgcpCalls::Begin(const MgcpMessage& message, bool is_caller) {
  VoipCall* const call = calls_->Begin("MGCP", message.packet);
  call->state = CallState::kSetup;
  (is_caller ? call->from : call->to) = message.endpoint;
  Known* const known = &known_.emplace_back(Known{call, is_caller});
  by_endpoint_[absl::AsciiStrToLower(message.endpoint)] = known;
  return known;
}

}  // namespace dissectd::engine
