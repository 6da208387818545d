// SPDX-License-Identifier: GPL-2.0-or-later

#include "server/transport/flood_guard.h"

#include "spdlog/spdlog.h"

namespace dissectd::server {

void FloodGuard::OnCallBegun(const CallInfo& call) {
  if (!table_->BeginCall(call.peer) && log_limit_.Allow()) {
    spdlog::warn("ended the connection of {}, which cancels too many calls",
                 call.peer);
  }
}

void FloodGuard::OnCallEnded(const CallEnd& end) {
  table_->EndCall(end.call.peer);
}

}  // namespace dissectd::server
