// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/cas_calls.h"

namespace dissectd::engine {
namespace {

constexpr char kNetwork[] = "PSTN";
constexpr char kNotAvailable[] = "N/A";

}  // namespace

void CasCalls::Add(const CasTrace& trace) {
  VoipCall*& call = known_[{trace.trunk, trace.channel}];
  if (call == nullptr) {
    call = calls_->Begin("AC_CAS", trace.packet);
    if (trace.is_from_network) call->initial_speaker = kNetwork;
    call->state = CallState::kSetup;
    call->from = kNotAvailable;
    call->to = kNotAvailable;
  }
  call->Count(trace.packet);
}

}  // namespace dissectd::engine
