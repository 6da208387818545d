// SPDX-License-Identifier: GPL-2.0-or-later

#include "core/analysis/iax2_calls.h"

namespace dissectd::engine {

VoipCall* Iax2Calls::Find(const Iax2Frame& frame) const {
  auto found = known_.find({frame.packet.source, frame.source_call});
  if (found == known_.end()) {
    found = known_.find({frame.packet.destination, frame.destination_call});
  }
  return found == known_.end() ? nullptr : found->second;
}

void Iax2Calls::Add(const Iax2Frame& frame) {
  if (frame.source_call == 0 && frame.destination_call == 0) return;
  VoipCall* call = Find(frame);
  if (call == nullptr) {
    if (frame.name != "NEW") return;
    call = calls_->Begin("IAX2", frame.packet);
    call->from = frame.calling_party;
    call->to = frame.called_party;
  }
  known_.try_emplace({frame.packet.source, frame.source_call}, call);
  call->state = frame.state;
  call->Count(frame.packet);
}

}  // namespace dissectd::engine
